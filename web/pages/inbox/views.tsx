import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useT } from '../../i18n/use-t.ts';
import { changeLook } from '../../preferences.ts';
import { countsQuery, inboxesQuery, teamsQuery } from '../../queries.ts';
import { useMe } from '../../session.ts';
import { IconButton } from '../../ui/button.tsx';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuRule } from '../../ui/menu.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { roomForContext, useMedia } from '../../use-media.ts';
import { countOf, slugOfInbox, slugOfTeam, standingViews, useView, viewIcons } from './view.ts';

const to = '/inbox/{-$view}/{-$conversationId}';

/** The views as a column, where there is room for one. */
export function Views() {
  const t = useT();
  const view = useView();
  const me = useMe();
  const inboxes = useQuery(inboxesQuery).data ?? [];
  const teams = useQuery(teamsQuery).data ?? [];
  const counts = useQuery(countsQuery).data;
  return (
    <aside className="views scroll" aria-label={t('views.label')}>
      <div className="who">
        <span className="clip grow" title={me?.account.name}>
          {me?.account.name}
        </span>
        {me?.account.isDemo ? <span className="chip info">{t('demo.badge')}</span> : null}
        <Tooltip text={t('views.hide')}>
          <IconButton icon="left" label={t('views.hide')} onClick={() => changeLook({ views: false })} />
        </Tooltip>
      </div>
      {standingViews.map((standing) => {
        const waiting = standing === 'unassigned' ? counts?.unread.unassigned : undefined;
        return (
          <Link
            key={standing}
            to={to}
            params={{ view: standing }}
            className={view.slug === standing ? 'on' : ''}
            aria-current={view.slug === standing ? 'page' : undefined}
          >
            <Icon name={viewIcons[standing]} />
            <span className="clip">{t(`view.${standing}`)}</span>
            <span className={waiting ? 'count on' : 'count'}>{counts?.views[standing]}</span>
          </Link>
        );
      })}
      {teams.length ? <h2 className="caps">{t('views.teams')}</h2> : null}
      {teams.map((team) => {
        const slug = slugOfTeam(team.id);
        return (
          <Link
            key={team.id}
            to={to}
            params={{ view: slug }}
            className={view.slug === slug ? 'on' : ''}
            aria-current={view.slug === slug ? 'page' : undefined}
          >
            <Icon name="team" />
            <span className="clip" title={team.name}>
              {team.name}
            </span>
            <span className="count">{counts?.teams[team.id]?.open || ''}</span>
          </Link>
        );
      })}
      {inboxes.length ? <h2 className="caps">{t('views.inboxes')}</h2> : null}
      {inboxes.map((inbox) => {
        const slug = slugOfInbox(inbox.id);
        return (
          <Link
            key={inbox.id}
            to={to}
            params={{ view: slug }}
            className={view.slug === slug ? 'on' : ''}
            aria-current={view.slug === slug ? 'page' : undefined}
          >
            <ChannelGlyph channel={inbox.channel} />
            <span className="clip" title={inbox.name}>
              {inbox.name}
            </span>
            <span className="count">{counts?.inboxes[inbox.id]?.open || ''}</span>
          </Link>
        );
      })}
    </aside>
  );
}

/** The views as a menu on the list's title, where a column would crowd the thread. */
export function ViewsMenu() {
  const t = useT();
  const view = useView();
  const navigate = useNavigate();
  const inboxes = useQuery(inboxesQuery).data ?? [];
  const teams = useQuery(teamsQuery).data ?? [];
  const counts = useQuery(countsQuery).data;
  const hasRoom = useMedia(roomForContext);
  const go = (slug: string) => void navigate({ to, params: { view: slug } });
  return (
    <Menu
      trigger={
        <button type="button" className="pick">
          <ViewTitle />
          <Icon name="down" size="s muted" />
        </button>
      }
    >
      {standingViews.map((standing) => (
        <MenuChoice
          key={standing}
          chosen={view.slug === standing}
          lead={<Icon name={viewIcons[standing]} />}
          end={<span className="count">{counts?.views[standing]}</span>}
          onSelect={() => go(standing)}
        >
          {t(`view.${standing}`)}
        </MenuChoice>
      ))}
      {teams.length ? <MenuLabel>{t('views.teams')}</MenuLabel> : null}
      {teams.map((team) => (
        <MenuChoice
          key={team.id}
          chosen={view.slug === slugOfTeam(team.id)}
          lead={<Icon name="team" />}
          end={<span className="count">{counts?.teams[team.id]?.open}</span>}
          onSelect={() => go(slugOfTeam(team.id))}
        >
          {team.name}
        </MenuChoice>
      ))}
      {inboxes.length ? <MenuLabel>{t('views.inboxes')}</MenuLabel> : null}
      {inboxes.map((inbox) => (
        <MenuChoice
          key={inbox.id}
          chosen={view.slug === slugOfInbox(inbox.id)}
          lead={<ChannelGlyph channel={inbox.channel} />}
          end={<span className="count">{counts?.inboxes[inbox.id]?.open}</span>}
          onSelect={() => go(slugOfInbox(inbox.id))}
        >
          {inbox.name}
        </MenuChoice>
      ))}
      {hasRoom ? (
        <>
          <MenuRule />
          <MenuItem icon="side" onSelect={() => changeLook({ views: true })}>
            {t('views.show')}
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

/** The view's name and how much it holds. */
export function ViewTitle() {
  const t = useT();
  const view = useView();
  const counts = useQuery(countsQuery).data;
  const isOne = view.filter.inboxId ?? view.filter.teamId;
  const name = isOne ? ((view.inbox ?? view.team)?.name ?? '') : t(`view.${view.standing}`);
  return (
    <>
      <h1 className="title clip" title={name}>
        {name}
      </h1>
      <span className="muted num" style={{ minWidth: '3ch', textAlign: 'left' }}>
        {countOf(counts, view)}
      </span>
    </>
  );
}
