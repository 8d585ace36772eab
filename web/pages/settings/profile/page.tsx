import { useQuery } from '@tanstack/react-query';
import { useT } from '../../../i18n/use-t.ts';
import { preferencesQuery, waysQuery } from '../../../queries.ts';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { ColumnSkeleton, SectionHead } from '../parts.tsx';
import { securityQuery } from '../security/queries.ts';
import { LookForm } from './look-form.tsx';
import { Person } from './person.tsx';

/** Who one is here, and how one wants to see the desk. */
export default function ProfilePage() {
  const t = useT();
  const preferences = useQuery(preferencesQuery);
  const security = useQuery(securityQuery);
  const ways = useQuery(waysQuery);
  const failed = preferences.isError ? preferences : security.isError ? security : null;
  if (failed) return <ErrorPane title={t('profile.error')} error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!preferences.data || !security.data || ways.isPending) return <ColumnSkeleton />;
  return (
    <div className="col">
      <SectionHead title={t('profile.title')} lead={t('profile.lead')} />
      <Person isVerified={security.data.emailVerified} canMail={ways.data?.magicLink ?? false} />
      <LookForm preferences={preferences.data} />
    </div>
  );
}
