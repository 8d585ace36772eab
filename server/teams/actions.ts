import { z } from 'zod';
import type { NewTeam, Team } from '../../contract/teams.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import { refreshConversationsOfTeam, releaseWorkOfTeam } from '../conversations/hand-over.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { getTeam } from './access.ts';
import {
  deleteTeamMember,
  deleteTeamRow,
  insertTeam,
  insertTeamMembers,
  listTeamRows,
  lockMembers,
  lockTeam,
  renameTeamRow,
  type TeamRow,
} from './queries.ts';

/** One letter can stand for eighteen: a longer key would fit into no cursor. */
const nameKeyMax = 400;
const cursor = cursorOf('teams', z.string().max(nameKeyMax));

/** The teams of an account, by name. */
export async function listTeams(
  tx: Tx,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Team[]; nextCursor: string | null }> {
  const rows = await listTeamRows(tx, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map(describeTeam), nextCursor: rows.length > query.limit && last ? cursor.encode(last.name_key) : null };
}

export async function createTeam(tx: Tx, actor: Actor, given: NewTeam): Promise<Team> {
  const id = newId();
  const [name, nameKey] = readName(given.name);
  const memberIds = [...new Set(given.memberIds)];
  const known = await lockMembers(tx, memberIds);
  const missing = (given.memberIds ?? []).findIndex((memberId) => !known.has(memberId));
  if (missing >= 0) throw refuseMember(`memberIds.${missing}`);
  await insertTeam(tx, { id, name, nameKey });
  await insertTeamMembers(tx, id, memberIds);
  await recordAudit(tx, actor, { action: 'team.created', subject: { type: 'team', id }, details: { name, memberIds } });
  return describeTeam(await getTeam(tx, id));
}

/** Renames a team; conversations that show its name are told anew. */
export async function renameTeam(tx: Tx, actor: Actor, id: string, wanted: string): Promise<Team> {
  await lock(tx, id);
  const before = await getTeam(tx, id);
  const [name, nameKey] = readName(wanted);
  if (name !== before.name) {
    await renameTeamRow(tx, id, name, nameKey);
    await refreshConversationsOfTeam(tx, id);
    await recordAudit(tx, actor, { action: 'team.renamed', subject: { type: 'team', id }, details: { from: before.name, to: name } });
  }
  return describeTeam(await getTeam(tx, id));
}

/** Deletes a team; its conversations stay, without a team. */
export async function deleteTeam(tx: Tx, actor: Actor, id: string): Promise<void> {
  await lock(tx, id);
  const { name } = await getTeam(tx, id);
  const released = await releaseWorkOfTeam(tx, id);
  await deleteTeamRow(tx, id);
  await recordAudit(tx, actor, { action: 'team.deleted', subject: { type: 'team', id }, details: { name, released } });
}

/** Puts a member into a team; somebody who is in it already stays. */
export async function addTeamMember(tx: Tx, actor: Actor, teamId: string, memberId: string): Promise<Team> {
  await lock(tx, teamId);
  if (!(await lockMembers(tx, [memberId])).has(memberId)) throw notFound('member');
  const added = await insertTeamMembers(tx, teamId, [memberId]);
  if (added.length > 0)
    await recordAudit(tx, actor, { action: 'team.member_added', subject: { type: 'team', id: teamId }, details: { memberId } });
  return describeTeam(await getTeam(tx, teamId));
}

/** Takes a member out of a team; 404 when they are not in it. */
export async function removeTeamMember(tx: Tx, actor: Actor, teamId: string, memberId: string): Promise<void> {
  await lock(tx, teamId);
  if (!(await deleteTeamMember(tx, teamId, memberId))) throw notFound('member');
  await recordAudit(tx, actor, { action: 'team.member_removed', subject: { type: 'team', id: teamId }, details: { memberId } });
}

/** The name without case, accents and surplus spaces: two teams that sound the same are one too many. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

function readName(given: string): [name: string, nameKey: string] {
  const name = given.trim();
  const nameKey = nameKeyOf(name);
  if (nameKey.length <= nameKeyMax) return [name, nameKey];
  throw new ApiError('validation_error', 'name: is too long.', { errors: [{ path: 'name', message: 'is too long' }] });
}

export function describeTeam(row: TeamRow): Team {
  return { id: row.id, name: row.name, members: row.members, createdAt: row.created_at.toISOString() };
}

async function lock(tx: Tx, id: string): Promise<void> {
  if (!(await lockTeam(tx, id))) throw notFound('team');
}

const refuseMember = (path: string) =>
  new ApiError('validation_error', `${path}: is not a member.`, { errors: [{ path, message: 'is not a member' }] });
