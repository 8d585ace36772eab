import { useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import '../../styles/settings.css';
import '../../styles/log.css';
import { useT } from '../../i18n/use-t.ts';
import { useMe } from '../../session.ts';
import { AccountBanner } from '../../shell/account-banner.tsx';
import { Closed } from '../../shell/closed.tsx';
import { OfflineBanner } from '../../shell/offline-banner.tsx';
import { Boundary } from '../../ui/boundary.tsx';
import { NoPermission } from '../../ui/error-pane.tsx';
import { phone, useMedia } from '../../use-media.ts';
import { useTitle } from '../../use-title.ts';
import { SettingsNav } from './nav.tsx';
import { ColumnSkeleton } from './parts.tsx';
import { findSection, isOpenTo, type Section, sections } from './sections.ts';

/** Everything that is set: by oneself, for the account, and for the installation. */
export default function SettingsPage() {
  const t = useT();
  const me = useMe();
  const { section: path, item } = useParams({ strict: false });
  const isPhone = useMedia(phone);
  const wanted = path === undefined && !isPhone ? sections.find((one) => isOpenTo(one, me)) : findSection(path);
  useTitle(wanted ? t(wanted.title) : t('nav.settings'));
  const showsList = isPhone && path === undefined;
  return (
    <div className="work">
      {isPhone ? null : <SettingsNav section={wanted?.path} item={item} />}
      <main className="counter">
        <AccountBanner />
        <OfflineBanner />
        <div className="settings scroll">
          {showsList ? (
            <SettingsNav section={undefined} item={undefined} isWhole />
          ) : (
            <Boundary title={t('error.page')} resetKey={`${path} ${item}`}>
              <SectionPage section={wanted} item={item} isOpen={wanted !== undefined && isOpenTo(wanted, me)} />
            </Boundary>
          )}
        </div>
      </main>
    </div>
  );
}

function SectionPage({ section, item, isOpen }: { section: Section | undefined; item: string | undefined; isOpen: boolean }) {
  if (!section) return <NoPermission />;
  if (!isOpen) return section.permission ? <Closed permission={section.permission} /> : <NoPermission />;
  return (
    <Suspense fallback={<ColumnSkeleton />}>
      <section.Page key={section.path} item={item} />
    </Suspense>
  );
}
