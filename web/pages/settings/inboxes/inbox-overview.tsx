import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useT } from '../../../i18n/use-t.ts';
import { countsQuery, inboxesQuery } from '../../../queries.ts';
import { ChannelGlyph } from '../../../ui/channel-glyph.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { useMay } from '../../../session.ts';
import { Icon } from '../../../ui/icon.tsx';
import { SectionHead } from '../parts.tsx';
import { DemoRemoval } from './demo-removal.tsx';

const to = '/settings/{-$section}/{-$item}';

/** Every inbox, its state and what waits in it. */
export function InboxOverview() {
  const t = useT();
  const inboxes = useQuery(inboxesQuery);
  const counts = useQuery({ ...countsQuery, enabled: useMay('conversation.read') }).data;
  const open = (
    <Link className="btn solid" to={to} params={{ section: 'inboxes', item: 'new' }}>
      <Icon name="plus" size="s" />
      {t('settings.open')}
    </Link>
  );
  if (inboxes.isError) return <ErrorPane title={t('settings.error')} error={inboxes.error} onRetry={() => void inboxes.refetch()} />;
  if (inboxes.data?.length === 0) return <Empty title={t('settings.none')} text={t('settings.noneText')} action={open} />;
  return (
    <div className="col">
      <SectionHead title={t('views.inboxes')} lead={t('settings.lead')} action={open} />
      <ul className="rows">
        {inboxes.data?.map((inbox) => (
          <li key={inbox.id}>
            <Link to={to} params={{ section: 'inboxes', item: inbox.id }}>
              <ChannelGlyph channel={inbox.channel} tile />
              <span className="grow">
                <b className="clip">{inbox.name}</b>
                <span className="small muted">{t(`channel.${inbox.channel}`)}</span>
              </span>
              <span className="muted num hide-s">{t('settings.openCount', { count: counts?.inboxes[inbox.id]?.open ?? 0 })}</span>
              <span className={`chip ${inbox.status === 'active' ? 'ok' : inbox.status === 'error' ? 'danger' : 'warn'}`}>
                {t(`inbox.${inbox.status}`)}
              </span>
              <Icon name="right" size="s muted" />
            </Link>
          </li>
        )) ?? [64, 48, 56].map((width) => <li key={width} className="sk late" style={{ height: 52, width: '100%' }} />)}
      </ul>
      <DemoRemoval />
    </div>
  );
}
