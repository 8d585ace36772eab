import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { CustomRole } from '../../../../contract/roles.ts';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient, rolesQuery } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { SectionHead } from '../parts.tsx';
import { PermissionPicker } from '../permission-picker.tsx';

/** A role as the editor shows it: one of the account's own, a built-in one, or none yet. */
type Shown = CustomRole | { role: string; name: string; permissions: readonly string[] };

interface RoleForm {
  name: string;
  description: string;
  permissions: string[];
}

const to = '/settings/{-$section}/{-$item}';
const list = { section: 'roles', item: undefined };

/** A role: its name, and what it opens. */
export function RoleEditor({ role, isReadOnly }: { role: Shown | null; isReadOnly: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const own = role && 'id' in role ? role : null;
  const [isDeleting, setDeleting] = useState(false);
  const form = useForm<RoleForm>({
    defaultValues: { name: role?.name ?? '', description: own?.description ?? '', permissions: [...(role?.permissions ?? [])] },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  form.register('permissions', { validate: (chosen) => chosen.length > 0 });
  const { refusal, onSubmit } = useSubmit(form, async (given) => {
    const body = { ...given, name: given.name.trim(), description: given.description.trim() };
    await call(own ? paths.role(own.id) : paths.roles, { method: own ? 'PATCH' : 'POST', body });
    await queryClient.invalidateQueries(rolesQuery);
    await navigate({ to, params: list });
  });
  return (
    <form className="col" noValidate onSubmit={onSubmit}>
      <SectionHead title={role?.name ?? t('roles.new')} lead={t(role && !own ? 'roles.builtinText' : 'roles.newLead')} />
      <section className="block">
        {role && !own ? null : (
          <>
            <TextField
              label={t('roles.name')}
              readOnly={isReadOnly}
              error={errors.name ? errors.name.message || t('form.needed') : undefined}
              {...form.register('name', { required: true, maxLength: 120 })}
            />
            <TextField
              label={t('roles.description')}
              readOnly={isReadOnly}
              error={errors.description?.message}
              {...form.register('description', { maxLength: 500 })}
            />
          </>
        )}
        <PermissionPicker
          chosen={new Set(form.watch('permissions'))}
          isReadOnly={isReadOnly}
          onChange={(next) => form.setValue('permissions', [...next], { shouldDirty: true, shouldValidate: form.formState.isSubmitted })}
          error={errors.permissions ? errors.permissions.message || t('permission.none') : undefined}
        />
        <Refusal text={refusal} />
        {isReadOnly ? null : (
          <div className="row">
            {own ? (
              <Button
                look="quiet"
                className="danger"
                disabled={own.memberCount > 0}
                title={own.memberCount > 0 ? t('roles.inUse', { count: own.memberCount }) : undefined}
                onClick={() => setDeleting(true)}
              >
                {t('roles.delete')}
              </Button>
            ) : (
              <Link className="btn quiet" to={to} params={list}>
                {t('form.cancel')}
              </Link>
            )}
            <Button type="submit" look="solid" className="end" busy={isSubmitting} disabled={!isDirty}>
              {t(own ? 'form.save' : 'roles.new')}
            </Button>
          </div>
        )}
        {own && own.memberCount > 0 && !isReadOnly ? <p className="small muted">{t('roles.inUse', { count: own.memberCount })}</p> : null}
      </section>
      {own && isDeleting ? <Deletion role={own} onClose={() => setDeleting(false)} /> : null}
    </form>
  );
}

function Deletion({ role, onClose }: { role: CustomRole; onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const run = async () => {
    await call(paths.role(role.id), { method: 'DELETE' });
    await navigate({ to, params: list });
    await queryClient.invalidateQueries(rolesQuery);
  };
  return (
    <Confirm
      title={t('roles.deleteAsk', { name: role.name })}
      text={t('roles.deleteText')}
      verb={t('roles.delete')}
      onClose={onClose}
      run={run}
    />
  );
}
