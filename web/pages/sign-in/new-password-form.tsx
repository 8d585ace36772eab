import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api.ts';
import { useT } from '../../i18n/use-t.ts';
import { paths } from '../../paths.ts';
import { passwordFault } from '../../password-fault.ts';
import { queryClient } from '../../queries.ts';
import { endSession } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/field.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { explainSignIn, isWrong } from './explain.ts';
import { LinkDone, LinkOver } from './link-end.tsx';

/** A new password by a link; every session of the person ends with it. */
export function NewPasswordForm({ token }: { token: string }) {
  const t = useT();
  const [state, setState] = useState<'ask' | 'done' | 'over'>('ask');
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ defaultValues: { password: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ password }) => {
    setRefusal(null);
    try {
      await call(paths.passwordResetUse, { method: 'POST', body: { token, password }, open: true });
      queryClient.removeQueries();
      endSession();
      setState('done');
    } catch (error) {
      const fault = passwordFault(error);
      if (isWrong(error)) setState('over');
      else if (fault) form.setError('password', { message: t(fault) }, { shouldFocus: true });
      else setRefusal(explainSignIn(error, t));
    }
  });
  if (state === 'over') return <LinkOver />;
  if (state === 'done') return <LinkDone what="reset" />;
  return (
    <form
      className="mid"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1>{t('reset.title')}</h1>
      <p className="soft lead">{t('reset.lead')}</p>
      <PasswordField
        label={t('reset.password')}
        hint={t('reset.hint')}
        autoComplete="new-password"
        error={errors.password ? errors.password.message || t('reset.short') : undefined}
        {...form.register('password', { required: true, minLength: 10, maxLength: 256 })}
      />
      <Refusal text={refusal} />
      <Button type="submit" look="solid" size="l" wide busy={isSubmitting}>
        {t('reset.do')}
      </Button>
    </form>
  );
}
