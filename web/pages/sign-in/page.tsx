import { useQuery } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { Me, SignedIn } from '../../../contract/auth.ts';
import { call } from '../../api.ts';
import { useT } from '../../i18n/use-t.ts';
import { paths } from '../../paths.ts';
import { Problem } from '../../problem.ts';
import { setupQuery } from '../../queries.ts';
import { setMe, setToken } from '../../session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { AuthPage } from './auth-page.tsx';

interface SignInForm {
  email: string;
  password: string;
}

// The demo's sign-in as the README prints it; offered only when the server says that it is a demo.
const demo: SignInForm = { email: 'demo@guichet.local', password: 'guichet-demo' };

/** The door. */
export default function SignInPage() {
  const t = useT();
  const router = useRouter();
  const { next } = useSearch({ strict: false });
  const { data: setup, isPending } = useQuery(setupQuery);
  const [isShown, setShown] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const form = useForm<SignInForm>({ defaultValues: { email: '', password: '' } });
  const { isSubmitting, errors } = form.formState;
  const signIn = async (given: SignInForm) => {
    setRefusal(null);
    try {
      const signedIn = await call<SignedIn>(paths.login, { method: 'POST', body: given, open: true });
      setToken(signedIn.accessToken);
      setMe(await call<Me>(paths.me));
      if (next) router.history.push(next);
      else await router.navigate({ to: '/' });
    } catch (error) {
      setRefusal(error);
      // Beyond this machine the demo has a password of its own.
      if (given === demo) form.setValue('email', demo.email);
    }
  };
  // Whether there is a demo decides the form's height: nothing moves once it is there.
  if (isPending) return <AuthPage>{null}</AuthPage>;
  return (
    <AuthPage>
      <form className="mid" onSubmit={(event) => void form.handleSubmit(signIn)(event)} noValidate>
        <h1>{t('signIn.hello')}</h1>
        <p className="soft lead">{t('signIn.lead')}</p>
        {setup?.demo ? (
          <>
            <Button
              size="l"
              wide
              busy={isSubmitting}
              onClick={() =>
                void form.handleSubmit(
                  () => signIn(demo),
                  () => signIn(demo),
                )()
              }
            >
              <Icon name="eye" />
              {t('signIn.lookAround')}
            </Button>
            <a className="btn quiet wide" href={paths.demoCustomer} target="_blank" rel="noreferrer">
              {t('demo.customer')}
            </a>
            <div className="or">{t('signIn.or')}</div>
          </>
        ) : null}
        <TextField
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          inputMode="email"
          autoCapitalize="none"
          error={errors.email ? t('signIn.emailMissing') : undefined}
          {...form.register('email', { required: true })}
        />
        <TextField
          label={t('signIn.password')}
          type={isShown ? 'text' : 'password'}
          autoComplete="current-password"
          error={errors.password ? t('signIn.passwordMissing') : undefined}
          trailing={
            <IconButton
              icon="eye"
              label={t(isShown ? 'signIn.hide' : 'signIn.show')}
              aria-pressed={isShown}
              onClick={() => setShown(!isShown)}
            />
          }
          {...form.register('password', { required: true })}
        />
        {refusal ? (
          <div className="banner danger" role="alert">
            <Icon name="warn" />
            <span>{form.getValues('email') === demo.email && isWrong(refusal) ? t('signIn.demoPassword') : explain(refusal, t)}</span>
          </div>
        ) : null}
        <Button type="submit" look="solid" size="l" wide busy={isSubmitting}>
          {t('signIn.do')}
        </Button>
        {setup?.demo || setup?.needsSetup ? (
          <Link className="btn quiet wide" to="/setup">
            <Icon name="plus" size="s" />
            {t('signIn.createDesk')}
          </Link>
        ) : null}
        <p className="small muted foot-note">{t('signIn.invitation')}</p>
      </form>
    </AuthPage>
  );
}

const isWrong = (error: unknown) => error instanceof Problem && error.code === 'invalid_credentials';

function explain(error: unknown, t: ReturnType<typeof useT>): string {
  if (!(error instanceof Problem)) return t('error.server');
  if (isWrong(error)) return t('signIn.wrong');
  if (error.code === 'rate_limit_exceeded') return t('signIn.tooMany');
  if (error.code === 'offline') return t('error.offline');
  return error.status < 500 ? error.detail : `${t('error.server')} ${error.requestId ? t('error.request', { id: error.requestId }) : ''}`;
}
