import { useForm } from 'react-hook-form';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
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
    <Dialog
      open
      onOpenChange={onClose}
      title={t('passkey.renameTitle')}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form="rename-passkey" look="solid" busy={isSubmitting}>
            {t('passkey.rename')}
          </Button>
        </>
      }
    >
      <form id="rename-passkey" className="stack" style={{ gap: 16, marginTop: 12 }} noValidate onSubmit={onSubmit}>
        <TextField
          label={t('settings.name')}
          error={errors.name ? errors.name.message || t('form.needed') : undefined}
          {...form.register('name', { validate: (value) => value.trim() !== '', maxLength: 120 })}
        />
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
