import { z } from 'zod';
import { accountStatus, moduleName, readOnlyReason } from './account-state.ts';
import { id, safeText, time } from './common.ts';
import { builtinRoles } from './permissions.ts';

export const role = z.enum([...builtinRoles, 'custom']).describe('`custom`: a role that the account made, named by roleId');
export type Role = z.infer<typeof role>;

export const tier = z.enum(['free', 'pro', 'enterprise']);
export type Tier = z.infer<typeof tier>;

export const email = z.email().max(254);
export const password = z.string().min(10, 'at least 10 characters').max(256);

export const login = z.strictObject({
  email: z
    .string()
    .max(254)
    .refine((value) => !value.includes('\u0000'), 'must not hold NUL'),
  password: z.string().min(1).max(256),
  totp: z.string().max(32).optional().describe('Six digits of the authenticator app, or a recovery code'),
  tokenDelivery: z.enum(['cookie', 'body']).default('cookie'),
});
export const refresh = z.strictObject({
  refreshToken: z.string().max(200).optional(),
  tokenDelivery: z.enum(['cookie', 'body']).default('cookie'),
});

export const signedIn = z.object({
  accessToken: z.string(),
  expiresIn: z.literal(900).describe('Seconds'),
  user: z.object({ id, email: z.string(), name: z.string(), role, accountId: id }),
  refreshToken: z.string().optional().describe('Only with tokenDelivery "body"'),
});
export type SignedIn = z.infer<typeof signedIn>;

export const me = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role,
  roleId: id.nullable(),
  roleName: z.string().nullable().describe('Only of a custom role'),
  isSuperadmin: z.boolean(),
  permissions: z.array(z.string()),
  account: z.object({
    id,
    name: z.string(),
    status: accountStatus,
    isDemo: z.boolean(),
    tier,
    modules: z.array(moduleName).describe('The parts that are on: what the navigation shows'),
    trialEndsAt: time.nullable(),
    isReadOnly: z.boolean(),
    readOnlyReason: readOnlyReason.nullable(),
  }),
  sessionId: id.nullable(),
  language: z.string().nullable(),
  timeZone: z.string(),
});
export type Me = z.infer<typeof me>;

export const meChange = z
  .strictObject({ name: safeText(1, 120).refine((value) => value.trim() !== '', 'must not be blank') })
  .meta({ example: { name: 'Léa Martin' } });

export const session = z.object({ id, device: z.string(), current: z.boolean(), createdAt: time, lastUsedAt: time, expiresAt: time });

export const setupState = z.object({ demo: z.boolean(), needsSetup: z.boolean() });
export const newDesk = z.strictObject({
  code: z.string().min(1).max(64),
  name: safeText(1, 120),
  memberName: safeText(1, 120),
  email,
  password,
});
