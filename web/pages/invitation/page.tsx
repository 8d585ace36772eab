import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { SignedIn } from '../../../contract/auth.ts';
import type { Acceptance, InvitationPreview } from '../../../contract/invitations.ts';
import { call } from '../../api.ts';
import { beginSession } from '../../begin-session.ts';
import { paths } from '../../paths.ts';
import { Problem } from '../../problem.ts';
import { readToken, renewToken } from '../../session.ts';
import { useT } from '../../i18n/use-t.ts';
import { ErrorPane } from '../../ui/error-pane.tsx';
import { AuthPage } from '../sign-in/auth-page.tsx';
import { CodeStep } from '../sign-in/code-step.tsx';
import { LinkOver } from '../sign-in/link-end.tsx';
import { readLinkToken } from '../sign-in/link-token.ts';
import { JoinForm, type JoinValues } from './join-form.tsx';

/** A place in an account that waits for whoever holds this link. Opening the page uses nothing up. */
export default function InvitationPage() {
  const [token] = useState(readLinkToken);
  return <AuthPage>{token ? <Invitation token={token} /> : <LinkOver isIncomplete />}</AuthPage>;
}

function Invitation({ token }: { token: string }) {
  const t = useT();
  const router = useRouter();
  const [waiting, setWaiting] = useState<JoinValues | null>(null);
  const [isOver, setOver] = useState(false);
  const preview = useQuery({ queryKey: ['invitation', token], queryFn: () => readInvitation(token), staleTime: Number.POSITIVE_INFINITY });
  const join = async (given: JoinValues & { totp?: string }) => {
    const body = { token, tokenDelivery: 'cookie', ...given } satisfies Acceptance;
    const signedIn = await call<SignedIn>(paths.invitationAcceptance, { method: 'POST', body, open: readToken() === null });
    await beginSession(signedIn);
    await router.navigate({ to: '/', replace: true });
  };
  if (isOver || isGone(preview.error)) return <LinkOver title="join.over" text="join.overText" />;
  if (preview.isError)
    return (
      <div className="mid">
        <ErrorPane title={t('error.page')} error={preview.error} onRetry={() => void preview.refetch()} />
      </div>
    );
  if (!preview.data) return null;
  if (waiting) return <CodeStep send={(totp) => join({ ...waiting, totp })} onBack={() => setWaiting(null)} />;
  return <JoinForm preview={preview.data} join={join} onCode={setWaiting} onOver={() => setOver(true)} />;
}

/** Whoever is signed in already shows it: the invitation may be theirs. */
async function readInvitation(token: string): Promise<InvitationPreview> {
  const bearer = await renewToken();
  return call<InvitationPreview>(paths.invitationPreview, { method: 'POST', body: { token }, open: bearer === null });
}

export const isGone = (error: unknown): boolean => error instanceof Problem && error.code === 'not_found';
