import { useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import type { InstalledAccount } from '../../../../contract/account.ts';
import { modules } from '../../../../contract/modules.ts';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { AccountStatus } from '../account-status.tsx';
import { ColumnSkeleton, SectionHead } from '../parts.tsx';
import { installedAccountQuery } from './queries.ts';

/** One account of the installation: its name, what it may use and how it stands. */
export function AccountDetail({ accountId }: { accountId: string }) {
  const t = useT();
  const account = useQuery(installedAccountQuery(accountId));
  if (account.isError) return <ErrorPane title={t('accounts.gone')} error={account.error} onRetry={() => void account.refetch()} />;
  if (!account.data) return <ColumnSkeleton />;
  const { memberCount, inboxCount } = account.data;
  return (
    <div className="col">
      <SectionHead
        title={account.data.name}
        lead={[t('accounts.members', { count: memberCount }), t('accounts.inboxes', { count: inboxCount })].join(' · ')}
        action={<AccountStatus account={account.data} />}
      />
      <AccountForm account={account.data} />
    </div>
  );
}

interface AccountFormValues {
  name: string;
  status: InstalledAccount['status'];
  tier: InstalledAccount['tier'];
  modules: string[];
  /** A day of the calendar; empty without a trial. */
  trialEndsAt: string;
}

function AccountForm({ account }: { account: InstalledAccount }) {
  const t = useT();
  const { name, status, tier } = account;
  const trialEndsAt = account.trialEndsAt?.slice(0, 10) ?? '';
  const form = useForm<AccountFormValues>({ values: { name, status, tier, modules: [...account.modules], trialEndsAt } });
  const { errors, isSubmitting, isDirty } = form.formState;
  const isTrial = form.watch('status') === 'trial';
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    const ends = given.trialEndsAt ? { trialEndsAt: new Date(`${given.trialEndsAt}T23:59:59`).toISOString() } : {};
    const body = { name: given.name.trim(), status: given.status, tier: given.tier, modules: given.modules, ...(isTrial ? ends : {}) };
    const changed = await call<InstalledAccount>(paths.installedAccount(account.id), { method: 'PATCH', body });
    queryClient.setQueryData(installedAccountQuery(account.id).queryKey, changed);
    await queryClient.invalidateQueries({ queryKey: ['installed-accounts'] });
  });
  return (
    <form className="block" noValidate onSubmit={onSubmit}>
      <TextField
        label={t('general.name')}
        error={errors.name ? errors.name.message || t('form.needed') : undefined}
        {...form.register('name', { required: true, maxLength: 120 })}
      />
      <div className="halves">
        <SelectField label={t('accounts.access')} error={errors.status?.message} {...form.register('status')}>
          {(['trial', 'active', 'suspended', 'cancelled'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`account.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('general.tier')} error={errors.tier?.message} {...form.register('tier')}>
          {(['free', 'pro', 'enterprise'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`tier.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      {isTrial ? (
        <TextField label={t('accounts.trialEnds')} type="date" error={errors.trialEndsAt?.message} {...form.register('trialEndsAt')} />
      ) : (
        <p className="small muted">{t('accounts.accessText')}</p>
      )}
      <fieldset className="ticks columns">
        <legend className="label">{t('general.modules')}</legend>
        {modules.map((one) => (
          <label key={one} className="tickbox">
            <input type="checkbox" value={one} {...form.register('modules')} />
            <span>{t(`module.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <Refusal text={refusal} />
      <div className="row">
        <Button type="submit" look="solid" className="end" busy={isSubmitting} disabled={!isDirty}>
          {t('form.save')}
        </Button>
      </div>
    </form>
  );
}
