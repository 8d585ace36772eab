import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { z } from 'zod/mini';
import type { createdInstalledAccount } from '../../../../contract/account.ts';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { LinkDialog } from '../members/invite-dialog.tsx';
import { SectionHead } from '../parts.tsx';

type Created = z.infer<typeof createdInstalledAccount>;

const to = '/settings/{-$section}/{-$item}';

/** A new account and its first admin, who comes in by a link. */
export function NewAccountForm() {
  const t = useT();
  const navigate = useNavigate();
  const [created, setCreated] = useState<Created | null>(null);
  const form = useForm({ defaultValues: { name: '', email: '', status: 'trial', tier: 'enterprise' } });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    const body = { ...given, name: given.name.trim(), email: given.email.trim() };
    setCreated(await call<Created>(paths.installedAccounts(), { method: 'POST', body }));
    await queryClient.invalidateQueries({ queryKey: ['installed-accounts'] });
  });
  const open = () => void navigate({ to, params: { section: 'accounts', item: created?.account.id } });
  return (
    <form className="col" noValidate onSubmit={onSubmit}>
      <SectionHead title={t('accounts.new')} lead={t('accounts.newLead')} />
      <section className="block">
        <TextField
          label={t('general.name')}
          error={errors.name ? errors.name.message || t('form.needed') : undefined}
          {...form.register('name', { required: true, maxLength: 120 })}
        />
        <TextField
          label={t('accounts.adminEmail')}
          type="email"
          autoComplete="off"
          error={errors.email ? errors.email.message || t('invite.emailBad') : undefined}
          {...form.register('email', { required: true, pattern: /^[^@\s]+@[^@\s]+$/ })}
        />
        <div className="halves">
          <SelectField label={t('accounts.kind')} {...form.register('status')}>
            <option value="trial">{t('accounts.asTrial')}</option>
            <option value="active">{t('accounts.asActive')}</option>
          </SelectField>
          <SelectField label={t('general.tier')} {...form.register('tier')}>
            {(['free', 'pro', 'enterprise'] as const).map((tier) => (
              <option key={tier} value={tier}>
                {t(`tier.${tier}`)}
              </option>
            ))}
          </SelectField>
        </div>
        <Refusal text={refusal} />
        <div className="row">
          <Link className="btn quiet" to={to} params={{ section: 'accounts', item: undefined }}>
            {t('form.cancel')}
          </Link>
          <Button type="submit" look="solid" className="end" busy={isSubmitting}>
            {t('accounts.new')}
          </Button>
        </div>
      </section>
      {created?.invitation ? <LinkDialog invitation={created.invitation} onClose={open} /> : null}
    </form>
  );
}
