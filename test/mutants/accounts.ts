import type { Mutant } from './mutants.ts';

const superadmin = 'server/superadmin/superadmin.test.ts';
const rotation = 'server/api-keys/rotation.test.ts';
const accounts = 'server/accounts/accounts.test.ts';

/** Accounts, the switch between them, the installation and its keys. */
export const accountMutants: Mutant[] = [
  {
    name: 'a trial goes on after its end',
    file: 'contract/account-state.ts',
    find: "trialEndsAt.getTime() <= now ? 'trial_ended' : undefined",
    replace: "trialEndsAt.getTime() <= 0 ? 'trial_ended' : undefined",
    test: accounts,
    red: 'is fully usable until its end, and read-only from that moment on, by the clock alone',
  },
  {
    name: 'sockets go on telling what the account has switched off',
    file: 'server/http/access.ts',
    find: 'return permissions.has(permission) && isModuleOn(permission, modules);',
    replace: 'return permissions.has(permission) || isModuleOn(permission, modules);',
    test: accounts,
    red: 'is off for sockets too, which hear nothing more of it',
  },
  {
    name: 'somebody switches into an account in which they do not work',
    file: 'server/auth/switch.ts',
    find: "one.account_id === accountId && one.status === 'active'",
    replace: "one.account_id === accountId || one.status === 'active'",
    test: 'server/auth/switch.test.ts',
    red: 'is told of an account in which they do not work what they are told of none',
  },
  {
    name: 'the old secret of a key works on after its overlap',
    file: 'server/auth/authenticate.ts',
    find: 'until !== null && until.getTime() > Date.now() &&',
    replace: 'until !== null &&',
    test: rotation,
    red: 'stops taking the old secret at the end of the overlap, not before',
  },
  {
    name: 'whoever rotates a key gets what it can do',
    file: 'server/api-keys/rotation.ts',
    find: 'requireAllHeld(holder, key);',
    replace: 'if (key.permissions.length === 0) requireAllHeld(holder, key);',
    test: rotation,
    red: 'are not won by rotating one that can do more',
  },
  {
    name: 'a key for the installation outlives its superadmin',
    file: 'server/db/migrations/0024_accounts.sql',
    find: 'k.is_superadmin and coalesce(u.is_superadmin, false)',
    replace: 'k.is_superadmin',
    test: superadmin,
    red: 'makes keys for the installation, which count as its own and end with them',
  },
  {
    name: 'the last superadmin can be revoked',
    file: 'server/accounts/superadmin.ts',
    find: 'if ((await countOtherSuperadmins(tx, userId)) === 0)',
    replace: 'if ((await countOtherSuperadmins(tx, userId)) < 0)',
    test: superadmin,
    red: 'is never of the demo, and there is always one left, also when two are revoked at once',
  },
  {
    name: 'a key that ends makes others that do not',
    file: 'server/api-keys/actions.ts',
    find: '  await refuseBoundKey(tx, principal);\n  refuseMoreThanHeld',
    replace: '  refuseMoreThanHeld',
    test: 'server/api-keys/api-keys.test.ts',
    red: 'with an end or limits of its own gets around them by no other key',
  },
  {
    name: 'what a key invited to counts as the operator’s',
    file: 'server/invitations/accept.ts',
    find: "return invited_by_key === null ? 'all' : permissionsOfKey(tx, invited_by_key);",
    replace: "return invited_by_key === null ? 'all' : 'all';",
    test: 'server/invitations/invitations.test.ts',
    red: 'and a key that was revoked or has expired lets nobody in any more',
  },
  {
    name: 'a change of address outlives the sessions of who asked for it',
    file: 'server/auth/ending.ts',
    find: 'if (sessionId === null) await endEmailChanges(tx, member.userId);',
    replace: '',
    test: 'server/auth/credentials.test.ts',
    red: 'that a thief asked for is not theirs any more once its owner shuts them out',
  },
];
