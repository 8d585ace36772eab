import { useForm } from 'react-hook-form';
import type { Me } from '../../../../contract/auth.ts';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { membersQuery, queryClient } from '../../../queries.ts';
import { setMe } from '../../../session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';

/** The name that everybody sees. */
export function NameDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useT();
  const form = useForm<{ name: string }>({ defaultValues: { name } });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    setMe(await call<Me>(paths.me, { method: 'PATCH', body: { name: given.name.trim() } }));
    onClose();
    await queryClient.invalidateQueries(membersQuery);
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('profile.rename')}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form="rename" look="solid" busy={isSubmitting}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <form id="rename" className="stack" style={{ gap: 16, marginTop: 12 }} noValidate onSubmit={onSubmit}>
        <TextField
          label={t('profile.name')}
          hint={t('profile.nameHint')}
          autoComplete="name"
          error={errors.name ? errors.name.message || t('form.needed') : undefined}
          {...form.register('name', { validate: (value) => value.trim() !== '', maxLength: 120 })}
        />
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
