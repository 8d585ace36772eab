import { useQuery } from '@tanstack/react-query';
import { builtinRoles, permissionsOf } from '../../../contract/permissions.ts';
import type { Role } from '../../../contract/auth.ts';
import { type Translate, useT } from '../../i18n/use-t.ts';
import { rolesQuery } from '../../queries.ts';
import { useMe } from '../../session.ts';
import { SelectField } from '../../ui/field.tsx';

/** A role as the API takes it. */
export type GivenRole = { role: Exclude<Role, 'custom'> } | { roleId: string };

/** The name of a role, as people call it. */
export function roleName(member: { role: Role; roleName: string | null }, t: Translate): string {
  return member.roleName ?? t(`role.${member.role}`);
}

export const roleValue = (member: { role: Role; roleId: string | null }): string => member.roleId ?? member.role;

export const givenRole = (value: string): GivenRole =>
  builtinRoles.some((one) => one === value) ? { role: value as Exclude<Role, 'custom'> } : { roleId: value };

/** One of the roles of the account. What would give more than one holds is shown and cannot be chosen. */
export function RoleChoice({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}) {
  const t = useT();
  const held = new Set<string>(useMe()?.permissions);
  const custom = useQuery(rolesQuery).data?.items ?? [];
  const holdsAll = (permissions: readonly string[]) => permissions.every((one) => held.has(one));
  const hints = { admin: 'role.adminText', agent: 'role.agentText', viewer: 'role.viewerText' } as const;
  const known = builtinRoles.find((one) => one === value);
  const hint = known ? t(hints[known]) : custom.find(({ id }) => id === value)?.description;
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(event.target.value)} hint={hint} error={error}>
      {builtinRoles.map((role) => (
        <option key={role} value={role} disabled={!holdsAll(permissionsOf(role))}>
          {t(`role.${role}`)}
        </option>
      ))}
      {custom.map((role) => (
        <option key={role.id} value={role.id} disabled={!holdsAll(role.permissions)}>
          {role.name}
        </option>
      ))}
    </SelectField>
  );
}
