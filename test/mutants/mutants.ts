import { accountMutants } from './accounts.ts';
import { limitMutants } from './limits.ts';
import { linkMutants } from './links.ts';
import { memberMutants } from './members.ts';

/** One way to break a promise, and the test that has to notice. */
export interface Mutant {
  /** What is broken. */
  name: string;
  file: string;
  /** Text that stands in the file exactly once. */
  find: string;
  replace: string;
  /** The test file, and the name of a test in it that turns red. */
  test: string;
  red: string;
}

/** Each was chosen because somebody could write it in good faith. `npm run mutants` applies them one by one. */
export const mutants: Mutant[] = [
  {
    name: 'sessions of others can be ended: a route without its filter',
    file: 'server/auth/queries.ts',
    find: 'where user_id = $1 and ($2::uuid is null or id = $2) and revoked_at is null and expires_at > now() returning id',
    replace: 'where ($2::uuid is null and user_id = $1 or id = $2) and revoked_at is null and expires_at > now() returning id',
    test: 'test/tenancy/matrix.test.ts',
    red: 'at any place of a path is answered like one that nobody has',
  },
  {
    name: 'row level security is off on one table',
    file: 'server/db/migrations/0017_identity.sql',
    find: "foreach tenant in array array['roles', 'teams',",
    replace: "foreach tenant in array array['roles',",
    test: 'test/house/catalogue.test.ts',
    red: 'every tenant table has account_id, not null, and row level security that is forced',
  },
  {
    name: 'names are unique over all accounts, which tells one of another',
    file: 'server/db/migrations/0017_identity.sql',
    find: 'unique (account_id, name_key)',
    replace: 'unique (name_key)',
    test: 'test/house/catalogue.test.ts',
    red: 'primary keys, uniques and foreign keys between tenant tables start with account_id',
  },
  {
    name: 'a refresh token is not rotated',
    file: 'server/auth/queries.ts',
    find: 'update sessions set previous_hash = refresh_hash, refresh_hash = $3, successor_sealed = $4,',
    replace: 'update sessions set previous_hash = $3, successor_sealed = $4,',
    test: 'server/auth/auth.test.ts',
    red: 'used fifty times at once leaves one lineage, and an old one of it ends all',
  },
  {
    name: 'the signature of an access token is not compared',
    file: 'server/auth/access-token.ts',
    find: 'if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined;',
    replace: 'if (wanted.length !== given.length && !timingSafeEqual(wanted, wanted)) return undefined;',
    test: 'test/tenancy/matrix.test.ts',
    red: 'is not helped by a token of somebody else, an ended session, or one that was edited',
  },
  {
    name: 'permissions are declared and not checked',
    file: 'server/http/access.ts',
    find: 'if (!permissions.has(permission)) throw',
    replace: 'if (permissions.size === 0) throw',
    test: 'test/tenancy/matrix.test.ts',
    red: 'lets a key do what it holds and nothing else, whatever the body says',
  },
  {
    name: 'a revoked session is believed for a minute',
    file: 'server/auth/authenticate.ts',
    find: 'const freshMs = 500;',
    replace: 'const freshMs = 60_000;',
    test: 'server/auth/auth.test.ts',
    red: 'does what the role allows now, not what it allowed when it was made',
  },
  ...accountMutants,
  {
    name: 'a code of an authenticator app lets in twice',
    file: 'server/auth/second-factor/queries.ts',
    find: '(totp_last_step is null or totp_last_step < $2)',
    replace: '(totp_last_step is null or totp_last_step <= $2)',
    test: 'server/auth/second-factor/second-factor.test.ts',
    red: 'lets in once with a code that is used twenty times at once',
  },
  {
    name: 'a recovery code lets in twice',
    file: 'server/auth/second-factor/queries.ts',
    find: 'r.hash = $2 and r.used_at is null and',
    replace: 'r.hash = $2 and',
    test: 'server/auth/second-factor/second-factor.test.ts',
    red: 'let in once when used twenty times at once',
  },
  {
    name: 'codes guessed elsewhere keep the owner out',
    file: 'server/auth/second-factor/check.ts',
    find: 'guess(`second factor ${userId} ${limitedAddress(ip)}`',
    replace: 'guess(`second factor ${userId} ${limitedAddress(ip).slice(0, 0)}`',
    test: 'server/auth/second-factor/second-factor.test.ts',
    red: 'have to wait after five, from that address alone and for that person alone',
  },
  {
    name: 'the challenge of a passkey is looked at and not used up',
    file: 'server/auth/passkeys/sign-in.ts',
    find: "await oneTimeTokens.take(database, 'passkey_sign_in', challenge)",
    replace: "await oneTimeTokens.find(database, 'passkey_sign_in', challenge)",
    test: 'server/auth/passkeys/passkeys.test.ts',
    red: 'counts once, however many times it is sent at once',
  },
  {
    name: 'a copy of a passkey signs in',
    file: 'server/auth/passkeys/queries.ts',
    find: '(counter < $2 or (counter = 0 and $2 = 0))',
    replace: '(counter <= $2 or (counter = 0 and $2 = 0))',
    test: 'server/auth/passkeys/passkeys.test.ts',
    red: 'with a counter that does not grow is refused and written down; one that counts nothing is not',
  },
  {
    name: 'a session left open is enough to change how one signs in',
    file: 'server/auth/confirmation.ts',
    find: 'member.confirmedAt.getTime() <= proofMs',
    replace: 'member.confirmedAt.getTime() <= proofMs * 96',
    test: 'server/auth/confirmation.test.ts',
    red: 'older than fifteen minutes does not do for any change of how one signs in',
  },
  ...limitMutants,
  ...linkMutants,
  ...memberMutants,
];
