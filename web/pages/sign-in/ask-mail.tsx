import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api.ts';
import { useT } from '../../i18n/use-t.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { BackToDoor } from './code-step.tsx';
import { explainSignIn } from './explain.ts';

interface AskMailProps {
  what: 'magicLink' | 'passwordReset';
  email: string;
  canMail: boolean;
  onBack: () => void;
}

const emailPattern = /^[^@\s]+@[^@\s]+$/;

/** Asks for a link by mail. The answer is the same whoever the address belongs to. */
export function AskMail({ what, email, canMail, onBack }: AskMailProps) {
  const t = useT();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ defaultValues: { email } });
  const { errors, isSubmitting } = form.formState;
  const send = form.handleSubmit(async (given) => {
    setRefusal(null);
    try {
      await call(paths[what], { method: 'POST', body: { email: given.email.trim() }, open: true });
      setSentTo(given.email.trim());
    } catch (error) {
      setRefusal(explainSignIn(error, t));
    }
  });
  const isReset = what === 'passwordReset';
  if (!canMail) return <NoMail email={email.trim()} onBack={onBack} />;
  if (sentTo !== null)
    return (
      <div className="mid" role="status">
        <h1>{t('mailed.title')}</h1>
        <p className="soft lead">{t('mailed.text', { email: sentTo })}</p>
        <Refusal text={refusal} />
        <Button size="l" wide busy={isSubmitting} onClick={() => void send()}>
          {t('mailed.again')}
        </Button>
        <div className="stack" style={{ gap: 0 }}>
          <Button look="quiet" wide onClick={() => setSentTo(null)}>
            {t('mailed.other')}
          </Button>
          <BackToDoor onBack={onBack} />
        </div>
      </div>
    );
  return (
    <form
      className="mid"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1>{t(isReset ? 'forgot.title' : 'sendLink.title')}</h1>
      <p className="soft lead">{t(isReset ? 'forgot.lead' : 'sendLink.lead')}</p>
      <TextField
        label={t('signIn.email')}
        type="email"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        error={errors.email ? t(errors.email.type === 'pattern' ? 'signIn.emailWrong' : 'signIn.emailMissing') : undefined}
        {...form.register('email', { required: true, pattern: emailPattern })}
      />
      <Refusal text={refusal} />
      <Button type="submit" look="solid" size="l" wide busy={isSubmitting}>
        {t(isReset ? 'forgot.do' : 'sendLink.do')}
      </Button>
      <BackToDoor onBack={onBack} />
    </form>
  );
}

/** Without mail a person makes the link: the one who runs the server. */
function NoMail({ email, onBack }: { email: string; onBack: () => void }) {
  const t = useT();
  const command = `npx guichet account reset-password --email ${/^[\w.+-]+@[\w.-]+$/.test(email) ? email : t('forgot.example')}`;
  return (
    <div className="mid">
      <h1>{t('forgot.title')}</h1>
      <p className="soft lead">
        {t('forgot.noMail')} {t('forgot.noMailText')}
      </p>
      <CopyField label={t('forgot.command')} value={command} />
      <BackToDoor onBack={onBack} />
    </div>
  );
}
