import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { SectionHead } from '../parts.tsx';
import { PermissionPicker } from '../permission-picker.tsx';
import { keysQuery, numberOf, wholeNumber, type ShownKey } from './queries.ts';
import { ShownOnce } from './shown-once.tsx';

interface KeyForm {
  name: string;
  permissions: string[];
  /** Days; empty: never. */
  expiry: string;
  perHour: string;
  perMinute: string;
}

const dayMs = 86_400_000;
const to = '/settings/{-$section}/{-$item}';
const params = { section: 'api-keys', item: undefined };

/** A key: for what, what it may do, for how long and how often. */
export function NewKeyForm() {
  const t = useT();
  const navigate = useNavigate();
  const [shown, setShown] = useState<ShownKey | null>(null);
  const form = useForm<KeyForm>({ defaultValues: { name: '', permissions: [], expiry: '365', perHour: '', perMinute: '' } });
  const { errors, isSubmitting } = form.formState;
  form.register('permissions', { validate: (chosen) => chosen.length > 0 });
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    const limits = { perHour: numberOf(given.perHour), perMinute: numberOf(given.perMinute) };
    const body = {
      name: given.name.trim(),
      permissions: given.permissions,
      ...(given.expiry ? { expiresAt: new Date(Date.now() + Number(given.expiry) * dayMs).toISOString() } : {}),
      ...(limits.perHour || limits.perMinute ? { limits } : {}),
    };
    setShown(await call<ShownKey>(paths.apiKeys, { method: 'POST', body }));
    await queryClient.invalidateQueries(keysQuery);
  });
  const chosen = new Set(form.watch('permissions'));
  return (
    <form className="col" noValidate onSubmit={onSubmit}>
      <SectionHead title={t('keys.new')} lead={t('keys.newLead')} />
      <section className="block">
        <TextField
          label={t('keys.name')}
          hint={t('keys.nameHint')}
          error={errors.name ? errors.name.message || t('form.needed') : undefined}
          {...form.register('name', { required: true, maxLength: 120 })}
        />
        <PermissionPicker
          chosen={chosen}
          onChange={(next) => form.setValue('permissions', [...next], { shouldValidate: form.formState.isSubmitted })}
          error={errors.permissions ? errors.permissions.message || t('permission.none') : undefined}
        />
        <div className="thirds">
          <SelectField label={t('keys.expires')} {...form.register('expiry')}>
            {['30', '90'].map((days) => (
              <option key={days} value={days}>
                {t('keys.days', { count: Number(days) })}
              </option>
            ))}
            <option value="365">{t('keys.year')}</option>
            <option value="">{t('keys.never')}</option>
          </SelectField>
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
        <Refusal text={refusal} />
        <div className="row">
          <Link className="btn quiet" to={to} params={params}>
            {t('form.cancel')}
          </Link>
          <Button type="submit" look="solid" className="end" busy={isSubmitting}>
            {t('keys.new')}
          </Button>
        </div>
      </section>
      {shown ? <ShownOnce shown={shown} onClose={() => void navigate({ to, params })} /> : null}
    </form>
  );
}
