import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useT } from '../../i18n/use-t.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { explainSignIn, isWrong } from './explain.ts';

interface CodeStepProps {
  send: (totp: string) => Promise<void>;
  onBack: () => void;
}

/** The second factor: the app's six digits, or one of the codes kept for the day when the phone is gone. */
export function CodeStep({ send, onBack }: CodeStepProps) {
  const t = useT();
  const [kind, setKind] = useState<'app' | 'recovery'>('app');
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ defaultValues: { code: '' } });
  const { errors, isSubmitting } = form.formState;
  const isApp = kind === 'app';
  const submit = form.handleSubmit(async ({ code }) => {
    setRefusal(null);
    try {
      await send(isApp ? code.replaceAll(/\s/g, '') : code.trim());
    } catch (error) {
      if (isWrong(error)) form.setError('code', { message: t(isApp ? 'code.wrong' : 'code.recoveryWrong') }, { shouldFocus: true });
      else setRefusal(explainSignIn(error, t));
    }
  });
  const change = () => {
    setKind(isApp ? 'recovery' : 'app');
    form.reset();
    form.setFocus('code');
  };
  return (
    <form
      className="mid"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1>{t('code.title')}</h1>
      <p className="soft lead">{t(isApp ? 'code.lead' : 'code.recoveryLead')}</p>
      <TextField
        label={t(isApp ? 'code.label' : 'code.recoveryLabel')}
        inputMode={isApp ? 'numeric' : 'text'}
        autoComplete={isApp ? 'one-time-code' : 'off'}
        spellCheck={false}
        autoCapitalize="none"
        className="mono code"
        // The person came here by a press; the field is what the page is for.
        autoFocus
        error={errors.code ? errors.code.message || t('code.missing') : undefined}
        {...form.register('code', { required: true, maxLength: 32 })}
      />
      <Refusal text={refusal} />
      <Button type="submit" look="solid" size="l" wide busy={isSubmitting}>
        {t('code.do')}
      </Button>
      <div className="stack" style={{ gap: 0 }}>
        <Button look="quiet" wide onClick={change}>
          {t(isApp ? 'code.recovery' : 'code.app')}
        </Button>
        <BackToDoor onBack={onBack} />
      </div>
    </form>
  );
}

export function BackToDoor({ onBack }: { onBack: () => void }) {
  const t = useT();
  return (
    <Button look="quiet" wide onClick={onBack}>
      <Icon name="back" size="s" />
      {t('signIn.back')}
    </Button>
  );
}
