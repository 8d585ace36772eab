import { useForm } from 'react-hook-form';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';

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
    <Dialog
      open
      onOpenChange={onClose}
      title={t('profile.changeEmail')}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form="email-change" look="solid" busy={isSubmitting}>
            {t('profile.changeEmailDo')}
          </Button>
        </>
      }
    >
      <form id="email-change" className="stack" style={{ gap: 16, marginTop: 8 }} noValidate onSubmit={onSubmit}>
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
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
