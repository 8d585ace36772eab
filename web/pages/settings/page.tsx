import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import '../../styles/settings.css';
import { useT } from '../../i18n/use-t.ts';
import { inboxesQuery } from '../../queries.ts';
import { OfflineBanner } from '../../shell/offline-banner.tsx';
import { useMay } from '../../session.ts';
import { Boundary } from '../../ui/boundary.tsx';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { NoPermission } from '../../ui/error-pane.tsx';
import { Icon } from '../../ui/icon.tsx';
import { phone, useMedia } from '../../use-media.ts';
import { useTitle } from '../../use-title.ts';
import { InboxDetail } from './inbox-detail.tsx';
import { InboxOverview } from './inbox-overview.tsx';
import { NewInboxForm } from './new-inbox-form.tsx';

const to = '/settings/inboxes/{-$inboxId}';

/** The inboxes of the account: what is open, and opening another. */
export default function SettingsPage() {
  const t = useT();
  const { inboxId } = useParams({ strict: false });
  const mayManage = useMay('inbox.manage');
  const isPhone = useMedia(phone);
  useTitle(t('nav.settings'));
  return (
    <div className="work">
      {isPhone ? null : <SettingsNav inboxId={inboxId} />}
      <main className="counter">
        <OfflineBanner />
        <div className="settings scroll">
          <Boundary title={t('error.page')} resetKey={inboxId}>
            {!mayManage ? (
              <NoPermission />
            ) : inboxId === 'new' ? (
              <NewInboxForm />
            ) : inboxId ? (
              <InboxDetail key={inboxId} inboxId={inboxId} />
            ) : (
              <InboxOverview />
            )}
          </Boundary>
        </div>
      </main>
    </div>
  );
}

function SettingsNav({ inboxId }: { inboxId: string | undefined }) {
  const t = useT();
  const inboxes = useQuery(inboxesQuery).data ?? [];
  return (
    <aside className="views scroll" aria-label={t('nav.settings')}>
      <div className="who">{t('nav.settings')}</div>
      <h2 className="caps" style={{ paddingTop: 4 }}>
        {t('views.inboxes')}
      </h2>
      <Link to={to} params={{ inboxId: undefined }} className={inboxId ? '' : 'on'}>
        <Icon name="list" />
        <span className="clip">{t('settings.overview')}</span>
        <span className="count">{inboxes.length || ''}</span>
      </Link>
      {inboxes.map((inbox) => (
        <Link key={inbox.id} to={to} params={{ inboxId: inbox.id }} className={inboxId === inbox.id ? 'on' : ''}>
          <ChannelGlyph channel={inbox.channel} />
          <span className="clip" title={inbox.name}>
            {inbox.name}
          </span>
          {inbox.status === 'active' ? null : (
            <span className={`chip ${inbox.status === 'error' ? 'danger' : 'warn'}`}>{t(`inbox.${inbox.status}`)}</span>
          )}
        </Link>
      ))}
      <Link to={to} params={{ inboxId: 'new' }} className={inboxId === 'new' ? 'on' : ''}>
        <Icon name="plus" />
        {t('settings.open')}
      </Link>
    </aside>
  );
}
