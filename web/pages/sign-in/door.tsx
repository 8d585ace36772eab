import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { SignedIn } from '../../../contract/auth.ts';
import { useT } from '../../i18n/use-t.ts';
import { paths } from '../../paths.ts';
import type { SetupState, SignInWays } from '../../queries.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { explainSignIn, isWrong, wantsCode } from './explain.ts';
import { OtherWays } from './other-ways.tsx';

export interface Credentials {
  email: string;
  password: string;
}

// The demo's sign-in as the README prints it; offered only when the server says that it is a demo.
const demo: Credentials = { email: 'demo@guichet.local', password: 'guichet-demo' };

interface DoorProps {
  setup: SetupState | undefined;
  ways: SignInWays | undefined;
  signIn: (given: Credentials) => Promise<void>;
  enter: (signedIn: SignedIn) => Promise<void>;
  onCode: (given: Credentials) => void;
  onMail: (what: 'magicLink' | 'passwordReset', email: string) => void;
}

/** The door: a passkey, a provider, or an address and its password. */
export function Door({ setup, ways, signIn, enter, onCode, onMail }: DoorProps) {
  const t = useT();
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<Credentials>({ defaultValues: { email: '', password: '' } });
  const { isSubmitting, errors } = form.formState;
  const send = async (given: Credentials) => {
    setRefusal(null);
    try {
      await signIn(given);
    } catch (error) {
      if (wantsCode(error)) return onCode(given);
      setRefusal(given.email === demo.email && isWrong(error) ? t('signIn.demoPassword') : explainSignIn(error, t));
      // Beyond this machine the demo has a password of its own.
      if (given === demo) form.setValue('email', demo.email);
    }
  };
  const visitDemo = form.handleSubmit(
    () => send(demo),
    () => send(demo),
  );
  return (
    <form className="mid" onSubmit={(event) => void form.handleSubmit(send)(event)} noValidate>
      <h1>{t('signIn.hello')}</h1>
      <p className="soft lead">{t('signIn.lead')}</p>
      {setup?.demo ? (
        <div className="stack">
          <Button size="l" wide busy={isSubmitting} onClick={() => void visitDemo()}>
            <Icon name="eye" />
            {t('signIn.lookAround')}
          </Button>
          <a className="btn quiet wide" href={paths.demoCustomer} target="_blank" rel="noreferrer">
            {t('demo.customer')}
          </a>
        </div>
      ) : null}
      <OtherWays ways={ways} enter={enter} hasMore={setup?.demo ?? false} />
      <TextField
        label={t('signIn.email')}
        type="email"
        autoComplete="username webauthn"
        inputMode="email"
        autoCapitalize="none"
        error={errors.email ? t('signIn.emailMissing') : undefined}
        {...form.register('email', { required: true })}
      />
      <PasswordField
        label={t('signIn.password')}
        autoComplete="current-password"
        error={errors.password ? t('signIn.passwordMissing') : undefined}
        aside={
          <button type="button" className="aside" onClick={() => onMail('passwordReset', form.getValues('email'))}>
            {t('signIn.forgotten')}
          </button>
        }
        {...form.register('password', { required: true })}
      />
      <Refusal text={refusal} />
      <Button type="submit" look="solid" size="l" wide busy={isSubmitting}>
        {t('signIn.do')}
      </Button>
      <div className="stack" style={{ gap: 0 }}>
        {ways?.magicLink ? (
          <Button look="quiet" wide onClick={() => onMail('magicLink', form.getValues('email'))}>
            <Icon name="mail" size="s" />
            {t('signIn.sendLink')}
          </Button>
        ) : null}
        {setup?.demo || setup?.needsSetup ? (
          <Link className="btn quiet wide" to="/setup">
            <Icon name="plus" size="s" />
            {t('signIn.createDesk')}
          </Link>
        ) : null}
      </div>
      <p className="small muted foot-note">{t('signIn.invitation')}</p>
    </form>
  );
}
