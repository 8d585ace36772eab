import { useForm } from 'react-hook-form';
import { call } from '../../../api.ts';
import { FormDialog } from '../../../forms/form-dialog.tsx';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { TextField } from '../../../ui/field.tsx';

/** Another address to sign in with; a link to it proves that it is theirs. */
export function EmailDialog({ onClose, onSent }: { onClose: () => void; onSent: (email: string) => void }) {
  const t = useT();
  const form = useForm({ defaultValues: { email: '' } });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async ({ email }) => {
    await call(paths.emailChange, { method: 'POST', body: { email: email.trim() } });
    onSent(email.trim());
    onClose();
  });
  return (
    <FormDialog
      title={t('profile.changeEmail')}
      verb={t('profile.changeEmailDo')}
      isSubmitting={isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <p className="soft">{t('profile.changeEmailText')}</p>
      <TextField
        label={t('profile.newEmail')}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        error={errors.email ? errors.email.message || t('signIn.emailWrong') : undefined}
        {...form.register('email', { required: true, pattern: /^[^@\s]+@[^@\s]+$/ })}
      />
    </FormDialog>
  );
}
