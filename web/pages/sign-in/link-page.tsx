import { useRouter, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { SignedIn } from '../../../contract/auth.ts';
import { call } from '../../api.ts';
import { beginSession } from '../../begin-session.ts';
import { useT } from '../../i18n/use-t.ts';
import { paths } from '../../paths.ts';
import { Problem } from '../../problem.ts';
import { queryClient } from '../../queries.ts';
import { endSession, readToken } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { AuthPage } from './auth-page.tsx';
import { CodeStep } from './code-step.tsx';
import { explainSignIn, isWrong, wantsCode } from './explain.ts';
import { LinkDone, LinkOver } from './link-end.tsx';
import { NewPasswordForm } from './new-password-form.tsx';
import { readLinkToken } from './link-token.ts';

/** Where the links of mails lead. Opening the page does nothing: scanners of mail open pages too, but press no buttons. */
export default function LinkPage() {
  const { what } = useParams({ strict: false });
  const [token] = useState(readLinkToken);
  return <AuthPage>{token ? <Link what={what ?? ''} token={token} /> : <LinkOver isIncomplete />}</AuthPage>;
}

function Link({ what, token }: { what: string; token: string }) {
  if (what === 'link') return <MagicLink token={token} />;
  if (what === 'reset') return <NewPasswordForm token={token} />;
  if (what === 'verify' || what === 'email') return <ConfirmAddress what={what} token={token} />;
  return <LinkOver isIncomplete />;
}

function MagicLink({ token }: { token: string }) {
  const t = useT();
  const router = useRouter();
  const [step, setStep] = useState<'ask' | 'code' | 'over'>('ask');
  const { isBusy, refusal, run } = useLink(() => setStep('over'));
  const signIn = async (totp?: string) => {
    await beginSession(
      await call<SignedIn>(paths.magicLinkUse, { method: 'POST', body: { token, ...(totp ? { totp } : {}) }, open: true }),
    );
    await router.navigate({ to: '/', replace: true });
  };
  if (step === 'over') return <LinkOver />;
  if (step === 'code') return <CodeStep send={signIn} onBack={() => void router.navigate({ to: '/sign-in' })} />;
  const open = () =>
    run(() =>
      signIn().catch((error: unknown) => {
        if (!wantsCode(error)) throw error;
        setStep('code');
      }),
    );
  return (
    <div className="mid">
      <h1>{t('link.title')}</h1>
      <p className="soft lead">{t('link.lead')}</p>
      <Refusal text={refusal} />
      <Button look="solid" size="l" wide busy={isBusy} onClick={() => void open()}>
        {t('signIn.do')}
      </Button>
    </div>
  );
}

const addressTexts = {
  verify: { path: paths.emailVerificationUse, title: 'verify.title', lead: 'verify.lead', verb: 'verify.do', done: 'verify' },
  email: { path: paths.emailChangeUse, title: 'emailLink.title', lead: 'emailLink.lead', verb: 'emailLink.do', done: 'email' },
} as const;

function ConfirmAddress({ what, token }: { what: 'verify' | 'email'; token: string }) {
  const t = useT();
  const [state, setState] = useState<'ask' | 'done' | 'over'>('ask');
  const { isBusy, refusal, run } = useLink(() => setState('over'));
  const [isElsewhere, setElsewhere] = useState(false);
  const text = addressTexts[what];
  const confirm = () =>
    run(async () => {
      // Who is signed in as this very person keeps their password: the link proves them, not a stranger before them.
      await call(text.path, { method: 'POST', body: { token }, open: 'known' });
      setElsewhere(readToken() === null);
      queryClient.removeQueries();
      // With the address the way in has changed; what was open under the old one is over.
      if (what === 'email') endSession();
      setState('done');
    });
  if (state === 'over') return <LinkOver />;
  if (state === 'done') return <LinkDone what={text.done} isElsewhere={isElsewhere} />;
  return (
    <div className="mid">
      <h1>{t(text.title)}</h1>
      <p className="soft lead">{t(text.lead)}</p>
      <Refusal text={refusal} />
      <Button look="solid" size="l" wide busy={isBusy} onClick={() => void confirm()}>
        {t(text.verb)}
      </Button>
    </div>
  );
}

/** Runs what a link is for: a link that is over says so, whatever else went wrong stands above the button. */
function useLink(onOver: () => void) {
  const t = useT();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = async (use: () => Promise<void>) => {
    setBusy(true);
    setRefusal(null);
    try {
      await use();
    } catch (error) {
      if (isWrong(error)) onOver();
      else setRefusal(error instanceof Problem && error.code === 'conflict' ? t('emailLink.taken') : explainSignIn(error, t));
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, refusal, run };
}
