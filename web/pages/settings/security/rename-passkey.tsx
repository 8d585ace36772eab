import { useForm } from 'react-hook-form';
import { call } from '../../../api.ts';
import { FormDialog } from '../../../forms/form-dialog.tsx';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { TextField } from '../../../ui/field.tsx';
import { type Passkey, refreshSecurity } from './queries.ts';

/** What the person calls a passkey. */
export function RenamePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const t = useT();
  const form = useForm<{ name: string }>({ defaultValues: { name: passkey.name } });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async ({ name }) => {
    await call(paths.myPasskey(passkey.id), { method: 'PATCH', body: { name: name.trim() } });
    await refreshSecurity();
    onClose();
  });
  return (
    <FormDialog
      title={t('passkey.renameTitle')}
      verb={t('passkey.rename')}
      isSubmitting={isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextField
        label={t('settings.name')}
        error={errors.name ? errors.name.message || t('form.needed') : undefined}
        {...form.register('name', { validate: (value) => value.trim() !== '', maxLength: 120 })}
      />
    </FormDialog>
  );
}
