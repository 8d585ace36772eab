import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { InvitationPreview } from '../../../contract/invitations.ts';
import { useT } from '../../i18n/use-t.ts';
import { passwordFault } from '../../password-fault.ts';
import { Problem } from '../../problem.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField, TextField } from '../../ui/field.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { explainSignIn, isWrong, wantsCode } from '../sign-in/explain.ts';

export interface JoinValues {
  name?: string;
  password?: string;
}

interface JoinFormProps {
  preview: InvitationPreview;
  join: (given: JoinValues) => Promise<void>;
  onCode: (given: JoinValues) => void;
  onOver: () => void;
}

/** A new person says who they are; somebody who is known here proves it; somebody who is here only agrees. */
export function JoinForm({ preview, join, onCode, onOver }: JoinFormProps) {
  const t = useT();
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ defaultValues: { name: '', password: '' }, shouldUnregister: true });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (given) => {
    setRefusal(null);
    const values: JoinValues = given.name ? { ...given, name: given.name.trim() } : given;
    try {
      await join(values);
    } catch (error) {
      const fault = passwordFault(error);
      if (wantsCode(error)) onCode(values);
      else if (error instanceof Problem && error.code === 'not_found') onOver();
      else if (isWrong(error)) form.setError('password', { message: t('join.wrong') }, { shouldFocus: true });
      else if (fault) form.setError('password', { message: t(fault) }, { shouldFocus: true });
      else setRefusal(explainSignIn(error, t));
    }
  });
  return (
    <form
      className="mid"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1 className="whole">{t('join.title', { account: preview.accountName })}</h1>
      <p className="soft lead">
        {preview.invitedBy ? t('join.by', { name: preview.invitedBy }) : t('join.byNobody')}{' '}
        {t(preview.isNew ? 'join.new' : preview.needsPassword ? 'join.known' : 'join.here')}
      </p>
      <div className="field">
        <span className="label">{t('join.email')}</span>
        <span className="soft whole">{preview.email}</span>
        {/* Password managers keep a password with the name that stands before it. */}
        <input type="email" autoComplete="username" value={preview.email} readOnly hidden />
      </div>
      {preview.isNew ? (
        <TextField
          label={t('join.name')}
          hint={t('join.nameHint')}
          autoComplete="name"
          error={errors.name ? errors.name.message || t('join.nameMissing') : undefined}
          {...form.register('name', { validate: (value) => value.trim() !== '', maxLength: 120 })}
        />
      ) : null}
      {preview.isNew ? (
        <PasswordField
          label={t('signIn.password')}
          hint={t('reset.hint')}
          autoComplete="new-password"
          error={errors.password ? errors.password.message || t('reset.short') : undefined}
          {...form.register('password', { required: true, minLength: 10, maxLength: 256 })}
        />
      ) : preview.needsPassword ? (
        <PasswordField
          label={t('signIn.password')}
          autoComplete="current-password"
          error={errors.password ? errors.password.message || t('signIn.passwordMissing') : undefined}
          {...form.register('password', { required: true })}
        />
      ) : null}
      <Refusal text={refusal} />
      <Button type="submit" look="solid" size="l" wide busy={isSubmitting}>
        {t('join.do')}
      </Button>
    </form>
  );
}
