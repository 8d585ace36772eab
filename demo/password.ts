import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hashPassword, verifyPassword } from '../server/auth/password.ts';
import type { Config } from '../server/config.ts';
import { isLoopback } from '../server/loopback.ts';
import type { Database } from '../server/db/pool.ts';
import { keepSecret, readSecret } from '../server/secret-file.ts';
import { members } from './content/account.ts';
import { findPasswords, replacePassword } from './queries.ts';

/** What everybody may know while only this machine can use it. */
const knownPassword = 'guichet-demo';

/** The demo's password on this installation: the known one, or a random one where others can reach the sign-in page. */
export function demoPassword(config: Config): string {
  return isLocal(config) ? knownPassword : keepSecret(passwordPath(config), () => randomBytes(12).toString('base64url'));
}

/** Makes the sign-ins of an existing demo fit where it is reached from now; a password that somebody chose stays. */
export async function fitPasswords(database: Database, accountId: string, config: Config): Promise<void> {
  const other = isLocal(config) ? readSecret(passwordPath(config)) : knownPassword;
  if (other === undefined) return;
  const wanted = demoPassword(config);
  const emails = Object.values(members).flatMap((member) => (member.signsIn ? [member.email] : []));
  const stored = await database.withAccount(accountId, (tx) => findPasswords(tx, emails));
  for (const { email, hash } of stored) {
    if (hash === null || !(await verifyPassword(hash, other))) continue;
    const fitting = await hashPassword(wanted);
    await database.withAccount(accountId, (tx) => replacePassword(tx, email, hash, fitting));
  }
}

/** The password that opens this sign-in when it is one of ours. */
export async function findPasswordOf(database: Database, accountId: string, email: string, config: Config): Promise<string | undefined> {
  const [stored] = await database.withAccount(accountId, (tx) => findPasswords(tx, [email]));
  const password = demoPassword(config);
  return stored && (await verifyPassword(stored.hash, password)) ? password : undefined;
}

/** Only people at this machine reach it: neither its address nor the one that it gives out leads here from elsewhere. */
export function isLocal(config: Config): boolean {
  return isLoopback(config.host) && isLoopback(new URL(config.publicUrl).hostname.replace(/^\[|\]$/g, ''));
}

const passwordPath = (config: Config) => join(config.dataDir, 'demo-password');
