import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Inbox, inboxPatch, NewInbox } from '../../contract/inbox.ts';
import { capabilitiesOf } from '../channels/index.ts';
import { inboxSecrets, type Sealer } from '../credentials/seal.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError } from '../http/errors.ts';
import { getInbox } from './access.ts';
import { deleteInboxRow, hasHistory, type InboxRow, insertEndpoint, insertInbox, listInboxRows, updateInbox } from './queries.ts';
import { changeSettings, splitSettings } from './settings.ts';

/** What inboxes need of the installation. */
export interface InboxOptions {
  sealer: Sealer;
  publicUrl: string;
}

const cursor = cursorOf('inboxes', z.object({ createdAt: z.string().max(40), id: z.uuid() }));

export async function listInboxes(
  tx: Tx,
  options: InboxOptions,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Inbox[]; nextCursor: string | null }> {
  const rows = await listInboxRows(tx, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => describeInbox(row, options)),
    nextCursor: rows.length > query.limit && last ? cursor.encode({ createdAt: last.position, id: last.id }) : null,
  };
}

export async function readInbox(tx: Tx, options: InboxOptions, id: string): Promise<Inbox> {
  return describeInbox(await getInbox(tx, id), options);
}

/** Makes an inbox and the endpoint that its provider calls, under a key that nobody can guess. */
export async function createInbox(tx: Tx, options: InboxOptions, actor: Actor, given: NewInbox): Promise<Inbox> {
  const { settings, secrets, routeKey } = splitSettings(given.channel, given.settings);
  const [id, endpointId] = [newId(), newId()];
  await insertEndpoint(tx, { id: endpointId, key: randomBytes(24).toString('base64url'), channel: given.channel });
  await insertInbox(tx, {
    id,
    endpointId,
    channel: given.channel,
    name: given.name,
    routeKey,
    settings,
    secretsSealed: await sealSecrets(tx, options, secrets),
  });
  const made = await readInbox(tx, options, id);
  const details = { channel: given.channel, name: given.name, settings: Object.keys(given.settings) };
  await recordAudit(tx, actor, { action: 'inbox.created', subject: { type: 'inbox', id }, details });
  return made;
}

export async function changeInbox(
  tx: Tx,
  options: InboxOptions,
  actor: Actor,
  id: string,
  change: z.infer<typeof inboxPatch>,
): Promise<Inbox> {
  const row = await getInbox(tx, id, 'locked');
  const current = {
    settings: row.settings,
    secrets: row.secrets_sealed
      ? await options.sealer.unsealJson<Record<string, string>>(row.secrets_sealed, inboxSecrets, tx.accountId)
      : {},
  };
  const { settings, secrets, routeKey } = changeSettings(row.channel, current, change.settings ?? {});
  await updateInbox(tx, {
    id,
    name: change.name ?? row.name,
    routeKey,
    settings,
    secretsSealed: await sealSecrets(tx, options, secrets),
    limits: change.limits ?? row.limits,
    status: change.status ?? row.status,
  });
  const changed = await readInbox(tx, options, id);
  await recordAudit(tx, actor, { action: 'inbox.changed', subject: { type: 'inbox', id }, details: describeChange(row, change) });
  return changed;
}

/** What changed: names of settings, since their values may be secret. */
function describeChange(row: InboxRow, change: z.infer<typeof inboxPatch>): Record<string, unknown> {
  return {
    ...(change.name !== undefined && { name: { from: row.name, to: change.name } }),
    ...(change.status !== undefined && { status: { from: row.status, to: change.status } }),
    ...(change.limits !== undefined && { limits: { from: row.limits, to: change.limits } }),
    ...(change.settings !== undefined && { settings: Object.keys(change.settings) }),
  };
}

/** Removes an inbox in which nothing ever happened; one with history can only be paused, its messages are not thrown away. */
export async function deleteInbox(tx: Tx, actor: Actor, id: string): Promise<void> {
  const row = await getInbox(tx, id, 'locked');
  if (await hasHistory(tx, id))
    throw new ApiError('conflict', 'This inbox has received messages: pause it instead, deleting it would delete them.');
  await deleteInboxRow(tx, id, row.endpoint_id);
  const details = { channel: row.channel, name: row.name };
  await recordAudit(tx, actor, { action: 'inbox.deleted', subject: { type: 'inbox', id }, details });
}

async function sealSecrets(tx: Tx, options: InboxOptions, secrets: Record<string, string>): Promise<Buffer | null> {
  return Object.keys(secrets).length > 0 ? options.sealer.sealJson(secrets, inboxSecrets, tx.accountId) : null;
}

function describeInbox(row: InboxRow, { publicUrl }: InboxOptions): Inbox {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    hookUrl: `${publicUrl}/hooks/${row.endpoint_key}`,
    pageUrl: pageOf(row, publicUrl),
    status: row.status,
    settings: row.settings,
    limits: row.limits,
    capabilities: capabilitiesOf(row.channel),
    createdAt: row.created_at.toISOString(),
  };
}

function pageOf({ channel, endpoint_key: key }: InboxRow, publicUrl: string): string | null {
  if (channel === 'form') return `${publicUrl}/forms/${key}`;
  return channel === 'webchat' ? `${publicUrl}/chat/${key}` : null;
}
