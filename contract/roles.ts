import { z } from 'zod';
import { id, safeText, time } from './common.ts';
import { builtinRoles, grantablePermissions } from './permissions.ts';

export const permission = z.enum(grantablePermissions);
const name = safeText(1, 120).refine((value) => value.trim() !== '', 'must say something');
const description = safeText(0, 500);
const granted = z.array(permission).min(1).max(100).describe('Of the table of permissions; none that the maker does not hold');

export const newRole = z.strictObject({ name, description: description.default(''), permissions: granted });
export type NewRole = z.infer<typeof newRole>;
export const rolePatch = z.strictObject({ name: name.optional(), description: description.optional(), permissions: granted.optional() });
export type RolePatch = z.infer<typeof rolePatch>;

export const customRole = z.object({
  id,
  name: z.string(),
  description: z.string(),
  permissions: z.array(permission),
  memberCount: z.number().int().describe('Members who have it, suspended ones too'),
  createdAt: time,
  updatedAt: time,
});
export type CustomRole = z.infer<typeof customRole>;

export const builtIn = z.object({ role: z.enum(builtinRoles), permissions: z.array(permission) });

export const roleList = z.object({
  items: z.array(customRole),
  nextCursor: z.string().nullable().describe('null on the last page'),
  builtIn: z.array(builtIn).describe('The roles that every account has'),
});
export type RoleList = z.infer<typeof roleList>;
