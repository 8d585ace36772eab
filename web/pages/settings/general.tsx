import { queryOptions, useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import type { Account } from '../../../contract/account.ts';
import { call } from '../../api.ts';
import { useSubmit } from '../../forms/use-submit.ts';
import { languages } from '../../i18n/index.ts';
import { useT } from '../../i18n/use-t.ts';
import { paths } from '../../paths.ts';
import { meQuery, queryClient } from '../../queries.ts';
import { setMe, useMay } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPane } from '../../ui/error-pane.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { AccountStatus } from './account-status.tsx';
import { ColumnSkeleton, SectionHead } from './parts.tsx';
import { TimeZoneOptions } from './time-zones.tsx';

const accountQuery = queryOptions({ queryKey: ['account'], queryFn: ({ signal }) => call<Account>(paths.account, { signal }) });

/** What counts for the whole account. */
export default function GeneralPage() {
  const t = useT();
  const account = useQuery(accountQuery);
  if (account.isError) return <ErrorPane title={t('general.error')} error={account.error} onRetry={() => void account.refetch()} />;
  if (!account.data) return <ColumnSkeleton />;
  return (
    <div className="col">
      <SectionHead title={t('general.title')} lead={t('general.lead')} />
      <AccountForm account={account.data} />
      <Plan account={account.data} />
    </div>
  );
}

type AccountFormValues = Pick<Account, 'name' | 'language' | 'timeZone'>;

function AccountForm({ account }: { account: Account }) {
  const t = useT();
  const mayManage = useMay('account.manage');
  const { name, language, timeZone } = account;
  const form = useForm<AccountFormValues>({ values: { name, language, timeZone } });
  const { errors, isSubmitting, isDirty } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    const changed = await call<Account>(paths.account, { method: 'PATCH', body: { ...given, name: given.name.trim() } });
    queryClient.setQueryData(accountQuery.queryKey, changed);
    setMe(await queryClient.fetchQuery({ ...meQuery, staleTime: 0 }));
  });
  return (
    <form className="block" noValidate onSubmit={onSubmit}>
      <TextField
        label={t('general.name')}
        hint={t('general.nameHint')}
        readOnly={!mayManage}
        error={errors.name ? errors.name.message || t('form.needed') : undefined}
        {...form.register('name', { required: true, maxLength: 120 })}
      />
      <div className="halves">
        <SelectField
          label={t('general.language')}
          hint={t('general.languageHint')}
          disabled={!mayManage}
          error={errors.language?.message}
          {...form.register('language')}
        >
          {Object.entries(languages).map(([code, own]) => (
            <option key={code} value={code} lang={code}>
              {own}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('general.timeZone')}
          hint={t('general.timeZoneHint')}
          disabled={!mayManage}
          error={errors.timeZone?.message}
          {...form.register('timeZone')}
        >
          <TimeZoneOptions current={timeZone} />
        </SelectField>
      </div>
      <Refusal text={refusal} />
      {mayManage ? (
        <div className="row">
          <Button type="submit" look="solid" className="end" busy={isSubmitting} disabled={!isDirty}>
            {t('form.save')}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

/** What the account has; somebody else decides it. */
function Plan({ account }: { account: Account }) {
  const t = useT();
  return (
    <section className="block">
      <h2>{t('general.plan')}</h2>
      <p className="soft">{t('general.planText')}</p>
      <dl className="facts">
        <dt>{t('general.status')}</dt>
        <dd>
          <AccountStatus account={account} />
        </dd>
        <dt>{t('general.tier')}</dt>
        <dd>{t(`tier.${account.tier}`)}</dd>
        <dt>{t('general.modules')}</dt>
        <dd className="chips">
          {account.modules.map((name) => (
            <span key={name} className="chip">
              {t(`module.${name}`)}
            </span>
          ))}
        </dd>
      </dl>
    </section>
  );
}
