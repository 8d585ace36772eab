import { useForm } from 'react-hook-form';
import type { ApiKey } from '../../../../contract/api-key.ts';
import { call } from '../../../api.ts';
import { FormDialog } from '../../../forms/form-dialog.tsx';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient } from '../../../queries.ts';
import { TextField } from '../../../ui/field.tsx';
import { keysQuery, numberOf, wholeNumber } from './queries.ts';

interface ChangeForm {
  name: string;
  perHour: string;
  perMinute: string;
}

/** What a key is called and how often it may call; what it may do stays as it was made. */
export function ChangeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useT();
  const { perHour, perMinute } = apiKey.limits;
  const form = useForm<ChangeForm>({
    defaultValues: { name: apiKey.name, perHour: String(perHour ?? ''), perMinute: String(perMinute ?? '') },
  });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    const limits = { perHour: numberOf(given.perHour), perMinute: numberOf(given.perMinute) };
    await call(paths.apiKey(apiKey.id), { method: 'PATCH', body: { name: given.name.trim(), limits } });
    await queryClient.invalidateQueries(keysQuery);
    onClose();
  });
  return (
    <FormDialog
      title={t('keys.changeOf', { name: apiKey.name })}
      verb={t('form.save')}
      isSubmitting={isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextField
        label={t('keys.name')}
        error={errors.name ? errors.name.message || t('form.needed') : undefined}
        {...form.register('name', { required: true, maxLength: 120 })}
      />
      <div className="halves">
        <TextField
          label={t('keys.perHour')}
          hint={t('keys.limitHint')}
          inputMode="numeric"
          error={errors.perHour ? errors.perHour.message || t('keys.limitBad') : undefined}
          {...form.register('perHour', { pattern: wholeNumber })}
        />
        <TextField
          label={t('keys.perMinute')}
          hint={t('keys.limitHint')}
          inputMode="numeric"
          error={errors.perMinute ? errors.perMinute.message || t('keys.limitBad') : undefined}
          {...form.register('perMinute', { pattern: wholeNumber })}
        />
      </div>
    </FormDialog>
  );
}
