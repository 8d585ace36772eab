import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { SignedIn } from '../../../contract/auth.ts';
import { call } from '../../api.ts';
import { beginSession } from '../../begin-session.ts';
import { paths } from '../../paths.ts';
import { setupQuery, waysQuery } from '../../queries.ts';
import { AskMail } from './ask-mail.tsx';
import { AuthPage } from './auth-page.tsx';
import { CodeStep } from './code-step.tsx';
import { type Credentials, Door } from './door.tsx';

type Step = { at: 'door' } | { at: 'code'; given: Credentials } | { at: 'magicLink' | 'passwordReset'; email: string };

/** Every way in: at the door first, then what the chosen way asks for. */
export default function SignInPage() {
  const router = useRouter();
  const { next } = useSearch({ strict: false });
  const setup = useQuery(setupQuery);
  const ways = useQuery(waysQuery);
  const [step, setStep] = useState<Step>({ at: 'door' });
  const enter = async (signedIn: SignedIn) => {
    await beginSession(signedIn);
    if (next) router.history.push(next);
    else await router.navigate({ to: '/' });
  };
  const signIn = async (given: Credentials & { totp?: string }) =>
    enter(await call<SignedIn>(paths.login, { method: 'POST', body: given, open: true }));
  const toDoor = () => setStep({ at: 'door' });
  // What there is decides the form's height: nothing moves once it is there.
  if (setup.isPending || ways.isPending) return <AuthPage>{null}</AuthPage>;
  return (
    <AuthPage>
      {step.at === 'door' ? (
        <Door
          setup={setup.data}
          ways={ways.data}
          signIn={signIn}
          enter={enter}
          onCode={(given) => setStep({ at: 'code', given })}
          onMail={(at, email) => setStep({ at, email })}
        />
      ) : step.at === 'code' ? (
        <CodeStep send={(totp) => signIn({ ...step.given, totp })} onBack={toDoor} />
      ) : (
        <AskMail what={step.at} email={step.email} canMail={ways.data?.magicLink ?? false} onBack={toDoor} />
      )}
    </AuthPage>
  );
}
