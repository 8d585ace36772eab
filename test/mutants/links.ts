import type { Mutant } from './mutants.ts';

const links = 'server/auth/links.test.ts';
const credentials = 'server/auth/credentials.test.ts';

/** Links in mails, what is counted against guessing, and the mails themselves. */
export const linkMutants: Mutant[] = [
  {
    name: 'a link works as often as one likes',
    file: 'server/auth/token-queries.ts',
    find: 'consumed_at is null and expires_at > now() returning id',
    replace: 'expires_at > now() returning id',
    test: links,
    red: 'used fifty times at once gives one session',
  },
  {
    name: 'looking at a link uses it up',
    file: 'server/auth/magic-link.ts',
    find: "await oneTimeTokens.find(database, 'magic_link', given.token)",
    replace: "await oneTimeTokens.take(database, 'magic_link', given.token)",
    test: links,
    red: 'comes by mail, is not used up by those who look at it, and signs in once',
  },
  {
    name: 'a link to an address that was left still signs in',
    file: 'server/auth/links.ts',
    find: 'return user && user.email === token?.email ? user : undefined;',
    replace: 'return user;',
    test: links,
    red: 'to an address that is not the person’s any more does not work',
  },
  {
    name: 'a link that was used still counts, so a stranger who asks keeps the owner from asking',
    file: 'server/auth/magic-link.ts',
    find: "await forgetLinks(context, 'magic_link', user.email);",
    replace: '',
    test: links,
    red: 'gives one address three links, and whoever asks in its name keeps its owner from nothing',
  },
  {
    name: 'the first proof of an address leaves the password of whoever was there before',
    file: 'server/auth/verification-queries.ts',
    find: 'password_hash = case when $2 then u.password_hash end',
    replace: 'password_hash = case when $2 or true then u.password_hash end',
    test: links,
    red: 'by a link takes away the password, the other ways in and the sessions from before',
  },
  {
    name: 'wrong passwords count by address of mail alone, so a stranger locks the owner out',
    file: 'server/auth/attempts.ts',
    find: '`password ${email} ${limitedAddress(ip)}`',
    replace: '`password ${email} ${limitedAddress(ip).slice(0, 0)}`',
    test: credentials,
    red: 'keep a stranger from guessing, and not the owner, who comes from elsewhere',
  },
  {
    name: 'a reset leaves the sessions of whoever stole the password',
    file: 'server/auth/reset.ts',
    find: 'const ended = await revokeSessionsOf(tx, user.id, null);',
    replace: 'const ended = await revokeSessionsOf(tx, user.id, user.id);',
    test: credentials,
    red: 'is set anew with a link, once, which ends every session, is told by mail and written into the log',
  },
  {
    name: 'any session keeps what was there before the first proof of an address',
    file: 'server/auth/email-address.ts',
    find: 'member?.userId === userId ? member.sessionId : null',
    replace: 'member && userId ? member.sessionId : null',
    test: credentials,
    red: 'from within the session of somebody else keeps nothing',
  },
  {
    name: 'an address that does not exist is written to again and again',
    file: 'server/mail/sender.ts',
    find: 'responseCode < 500',
    replace: 'responseCode < 600',
    test: 'server/mail/mail.test.ts',
    red: 'refuses an address for good, that is noted and not tried again',
  },
];
