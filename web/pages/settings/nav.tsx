import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useT } from '../../i18n/use-t.ts';
import { inboxesQuery } from '../../queries.ts';
import { useMay, useMe } from '../../session.ts';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type Group, groups, isOpenTo, sections } from './sections.ts';

const to = '/settings/{-$section}/{-$item}';

interface SettingsNavProps {
  section: string | undefined;
  item: string | undefined;
  /** On a phone the list is the page. */
  isWhole?: boolean;
}

/** The sections that this member may open, by whom they concern. */
export function SettingsNav({ section, item, isWhole = false }: SettingsNavProps) {
  const t = useT();
  const me = useMe();
  const inGroup = (group: Group) => sections.filter((one) => one.group === group && isOpenTo(one, me));
  return (
    <nav className={isWhole ? 'views whole' : 'views scroll'} aria-label={t('nav.settings')}>
      <div className="who">{t('nav.settings')}</div>
      {groups
        .filter(({ group }) => inGroup(group).length > 0)
        .map(({ group, title }) => (
          <div key={group} className="group" role="group" aria-label={t(title)}>
            <h2 className="caps">{t(title)}</h2>
            {group === 'inboxes' ? (
              <InboxLinks section={section} item={item} />
            ) : (
              inGroup(group).map((one) => (
                <Link key={one.path} to={to} params={{ section: one.path, item: undefined }} className={section === one.path ? 'on' : ''}>
                  <Icon name={one.icon} />
                  <span className="clip">{t(one.title)}</span>
                  <Icon name="right" size="s muted end show-s" />
                </Link>
              ))
            )}
          </div>
        ))}
    </nav>
  );
}

function InboxLinks({ section, item }: { section: string | undefined; item: string | undefined }) {
  const t = useT();
  const mayManage = useMay('inbox.manage');
  const inboxes = useQuery({ ...inboxesQuery, enabled: mayManage }).data ?? [];
  const isHere = section === 'inboxes';
  return (
    <>
      <Link to={to} params={{ section: 'inboxes', item: undefined }} className={isHere && !item ? 'on' : ''}>
        <Icon name="list" />
        <span className="clip">{t('settings.overview')}</span>
        <span className="count">{inboxes.length || ''}</span>
      </Link>
      {inboxes.map((inbox) => (
        <Link key={inbox.id} to={to} params={{ section: 'inboxes', item: inbox.id }} className={isHere && item === inbox.id ? 'on' : ''}>
          <ChannelGlyph channel={inbox.channel} />
          <span className="clip" title={inbox.name}>
            {inbox.name}
          </span>
          {inbox.status === 'active' ? null : (
            <span className={`chip ${inbox.status === 'error' ? 'danger' : 'warn'}`}>{t(`inbox.${inbox.status}`)}</span>
          )}
        </Link>
      ))}
      <Link to={to} params={{ section: 'inboxes', item: 'new' }} className={isHere && item === 'new' ? 'on' : ''}>
        <Icon name="plus" />
        <span className="clip">{t('settings.open')}</span>
      </Link>
    </>
  );
}
