import { z } from 'zod';
import { accountStatus, moduleName, readOnlyReason } from './account-state.ts';
import { email, password, role, tier } from './auth.ts';
import { id, pageQuery, safeText, time } from './common.ts';
import { modules } from './modules.ts';

/** The languages of the interface. */
export const languages = ['fr', 'en', 'es', 'pt'] as const;
export const language = z.enum(languages);

/** A name of the IANA time zone database. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be a time zone such as Europe/Paris')
  .describe('IANA time zone, such as Europe/Paris');

function isTimeZone(value: string): boolean {
  // An offset such as +02:00 is taken by Intl too, and knows no summer time.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

const chosenModules = z
  .array(moduleName)
  .max(modules.length)
  .transform((given) => modules.filter((name) => given.includes(name)))
  .describe('The modules that are on; repetitions and order do not matter');

export const account = z.object({
  id,
  name: z.string(),
  status: accountStatus,
  tier,
  modules: z.array(moduleName),
  trialEndsAt: time.nullable(),
  readOnlyReason: readOnlyReason.nullable().describe('Why nobody can change anything; null when the account is fully usable'),
  language,
  timeZone: z.string().describe('IANA time zone, such as Europe/Paris'),
  isDemo: z.boolean(),
  createdAt: time,
});
export type Account = z.infer<typeof account>;

/** What an admin of the account may change; the rest is the superadmin's. */
export const accountChange = z.strictObject({ name: safeText(1, 120), language, timeZone }).partial();

/** An account as the superadmin sees it: how it is used, and nothing of what is in it. */
export const installedAccount = account.extend({
  memberCount: z.number().int(),
  inboxCount: z.number().int(),
  lastActivityAt: time.nullable().describe('When the last message came or went; null when none ever did'),
});
export type InstalledAccount = z.infer<typeof installedAccount>;

export const installedAccountQuery = pageQuery.extend({
  q: safeText(1, 120).optional().describe('Part of the name, whatever its case'),
  status: accountStatus.optional(),
});

export const newInstalledAccount = z.strictObject({
  name: safeText(1, 120),
  email: email.describe("Of the account's first admin"),
  memberName: safeText(1, 120).optional().describe("The admin's name, with a password; by default the part of the address before the @"),
  password: password.optional().describe('Without one the admin is invited'),
  status: z.enum(['trial', 'active']).default('trial'),
  trialEndsAt: time.optional().describe('Of a trial; by default 14 days from now'),
  tier: tier.default('enterprise'),
  modules: chosenModules.optional().describe('By default all'),
  language: language.default('fr'),
  timeZone: timeZone.default('Europe/Paris'),
});

export const createdInstalledAccount = z.object({
  account: installedAccount,
  invitation: z
    .object({ email: z.string(), link: z.string().describe('To be given to the admin; shown this once'), expiresAt: time })
    .nullable()
    .describe('null when a password was given'),
});

export const installedAccountChange = z
  .strictObject({
    name: safeText(1, 120),
    status: accountStatus,
    tier,
    modules: chosenModules,
    trialEndsAt: time
      .nullable()
      .describe('Of a trial, also while it is suspended; a trial without one gets 14 days, an active account has none'),
  })
  .partial();

/** An account in which the signed-in person works. */
export const ownAccount = z.object({
  id,
  name: z.string(),
  status: accountStatus,
  role,
  roleName: z.string().nullable().describe('Only of a custom role'),
  isDemo: z.boolean(),
  current: z.boolean().describe('The account of this session'),
});
export const ownAccounts = z.object({ items: z.array(ownAccount) });

export const accountSwitch = z.strictObject({ accountId: id });
