import { randomBytes } from 'node:crypto';
import type { Actor } from '../server/audit/actor.ts';
import { recordAudit } from '../server/audit/record.ts';
import { hashPassword } from '../server/auth/password.ts';
import type { Channels } from '../server/channels/index.ts';
import { inboxSecrets, type Sealer } from '../server/credentials/seal.ts';
import { newId } from '../server/db/id.ts';
import type { Database, Tx } from '../server/db/pool.ts';
import { accountName, chatSettings, formSettings, inboxNames, members, phoneNumberId } from './content/account.ts';
import { scenes } from './content/scenes.ts';
import type { MemberName, Scene } from './content/types.ts';
import { insertRows, insertUsers, lockSeed, readDemoHistory, rememberDemo } from './queries.ts';
import { rowsOf } from './rows.ts';

export interface SeedOptions {
  database: Database;
  sealer: Sealer;
  actor: Actor;
  channels: Channels;
  /** true: made whenever there is none. undefined: made when the database is new. false: never. */
  wanted: boolean | undefined;
  /** Asked for only when it is needed. */
  password: () => string;
}

/** Where nothing listens: until the stand-in runs, replies wait and are tried again. */
export const noStandIn = 'http://127.0.0.1:9';

/** Makes the demo account with its week of conversations in one transaction: it is there whole or not at all. True when it made one. */
export async function seedDemo(options: SeedOptions): Promise<boolean> {
  if (!isDue(await options.database.withoutAccount(readDemoHistory), options.wanted)) return false;
  const passwordHash = await hashPassword(options.password());
  return options.database.withAccount(newId(), async (tx) => {
    await lockSeed(tx);
    // Another process may have made it while this one waited.
    if (!isDue(await readDemoHistory(tx), options.wanted)) return false;
    await insertDemo(tx, options, passwordHash);
    return true;
  });
}

function isDue(history: { accounts: number; demoAccountIds: string[]; wasMade: boolean }, wanted: boolean | undefined): boolean {
  if (wanted === false || history.demoAccountIds.length > 0) return false;
  return wanted === true || (history.accounts === 0 && !history.wasMade);
}

async function insertDemo(tx: Tx, options: SeedOptions, passwordHash: string): Promise<void> {
  const now = new Date();
  const accountId = String(tx.accountId);
  const openedAt = new Date(now.getTime() - 30 * 86_400_000);
  await insertRows(tx, 'accounts', [
    {
      id: accountId,
      name: accountName,
      status: 'active',
      tier: 'enterprise',
      is_demo: true,
      language: 'fr',
      time_zone: 'Europe/Paris',
      created_at: openedAt,
    },
  ]);
  const memberIds = await insertMembers(tx, accountId, passwordHash, openedAt);
  const inboxIds = await insertInboxes(tx, accountId, options.sealer, openedAt);
  const rows = rowsOf(scenes, { accountId, now, memberIds, inboxIds, channels: options.channels });
  for (const [table, tableRows] of Object.entries(rows)) await insertRows(tx, table, tableRows);
  await rememberDemo(tx);
  await recordAudit(tx, options.actor, {
    action: 'account.created',
    subject: { type: 'account', id: accountId },
    details: { isDemo: true },
  });
}

async function insertMembers(tx: Tx, account_id: string, passwordHash: string, created_at: Date): Promise<Record<MemberName, string>> {
  const entries = Object.entries(members) as [MemberName, (typeof members)[MemberName]][];
  const idByEmail = await insertUsers(
    tx,
    entries.map(([, { email, name, signsIn }]) => ({ id: newId(), email, name, password_hash: signsIn ? passwordHash : null, created_at })),
  );
  const ids = Object.fromEntries(entries.map(([key, { email }]) => [key, idByEmail.get(email) ?? ''])) as Record<MemberName, string>;
  await insertRows(
    tx,
    'members',
    entries.map(([key, { role }]) => ({ account_id, user_id: ids[key], role, status: 'active', created_at })),
  );
  return ids;
}

async function insertInboxes(tx: Tx, account_id: string, sealer: Sealer, opened_at: Date): Promise<Record<Scene['inbox'], string>> {
  const secret = () => randomBytes(24).toString('base64url');
  const secrets = await sealer.sealJson({ accessToken: secret(), appSecret: secret(), verifyToken: secret() }, inboxSecrets, account_id);
  const settings = { whatsapp: { phoneNumberId, apiUrl: noStandIn }, form: formSettings, webchat: chatSettings };
  const made = (['whatsapp', 'form', 'webchat'] as const).map((channel, n) => {
    const created_at = new Date(opened_at.getTime() + n * 60_000);
    return { channel, id: newId(), endpoint: { id: newId(), key: secret(), channel, created_at }, created_at };
  });
  await insertRows(
    tx,
    'endpoints',
    made.map(({ endpoint }) => endpoint),
  );
  await insertRows(
    tx,
    'inboxes',
    made.map(({ channel, id, endpoint, created_at }) => ({
      account_id,
      id,
      endpoint_id: endpoint.id,
      channel,
      name: inboxNames[channel],
      route_key: channel === 'whatsapp' ? phoneNumberId : null,
      settings: settings[channel],
      secrets_sealed: channel === 'whatsapp' ? `\\x${secrets.toString('hex')}` : null,
      limits: {},
      status: 'active',
      reopen_days: 7,
      created_at,
      updated_at: created_at,
    })),
  );
  return Object.fromEntries(made.map(({ channel, id }) => [channel, id])) as Record<Scene['inbox'], string>;
}
