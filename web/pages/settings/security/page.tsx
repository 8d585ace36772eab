import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import '../../../styles/security.css';
import { useT } from '../../../i18n/use-t.ts';
import { waysQuery } from '../../../queries.ts';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { explainProvider } from '../../sign-in/explain.ts';
import { ColumnSkeleton, SectionHead } from '../parts.tsx';
import { Identities } from './identities.tsx';
import { Passkeys } from './passkeys.tsx';
import { Password } from './password.tsx';
import { securityQuery } from './queries.ts';
import { Sessions } from './sessions.tsx';
import { Totp } from './totp.tsx';

/** How one signs in, and where one is signed in. */
export default function SecurityPage() {
  const t = useT();
  const security = useQuery(securityQuery);
  const ways = useQuery(waysQuery);
  // A provider sends the browser back here, with what came of it.
  const { problem, linked } = useSearch({ strict: false });
  if (security.isError) return <ErrorPane title={t('security.error')} error={security.error} onRetry={() => void security.refetch()} />;
  // Whether there are providers decides what stands above the sessions.
  if (!security.data || ways.isPending) return <ColumnSkeleton />;
  return (
    <div className="col">
      <SectionHead title={t('security.title')} lead={t('security.lead')} />
      <Refusal text={problem ? explainProvider(problem, t) : null} />
      {linked ? (
        <div className="banner ok" role="status">
          <Icon name="check" />
          <span>{t('identity.linked')}</span>
        </div>
      ) : null}
      <Password hasPassword={security.data.hasPassword} />
      <Totp totp={security.data.totp} />
      <Passkeys passkeys={security.data.passkeys} />
      <Identities identities={security.data.identities} providers={ways.data?.providers ?? []} />
      <Sessions />
    </div>
  );
}
