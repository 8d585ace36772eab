import type { Access, Permission } from './permissions.ts';

/** The parts that an account can have or not have. Without Zod: the browser reads this table too. */
export const modules = ['inbox', 'crm', 'automation', 'analytics', 'alerts', 'calendar', 'integrations'] as const;
export type Module = (typeof modules)[number];

/** The noun of a permission: what stands before its dot. */
type Noun = Permission extends `${infer Name}.${string}` ? Name : never;

/**
 * The one table from permissions to modules: the API, the sockets and the navigation read it. Any one of the modules
 * opens the noun; an empty list is what every account has. Receiving belongs to no module: what customers write is kept.
 */
const modulesOfNoun: Record<Noun, readonly Module[]> = {
  account: [],
  member: [],
  role: [],
  team: [],
  api_key: [],
  audit: [],
  installation: [],
  ledger: [],
  ingest: [],
  inbox: ['inbox'],
  conversation: ['inbox'],
  // Beside a conversation one sees who writes, so the inbox opens contacts too.
  contact: ['crm', 'inbox'],
};

/** The modules of which an account needs one for what a route or event declares; none for what every account has. */
export function modulesFor(access: Access): readonly Module[] {
  if (access === 'public' || access === 'session') return [];
  return modulesOfNoun[access.slice(0, access.indexOf('.')) as Noun];
}

/** Whether an account with these modules has what a route or event declares. */
export function isModuleOn(access: Access, on: ReadonlySet<Module>): boolean {
  const wanted = modulesFor(access);
  return wanted.length === 0 || wanted.some((name) => on.has(name));
}
