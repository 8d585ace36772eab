import type { Tx } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { findTeam, findTeams, insertMemberOfTeams, type TeamRow } from './queries.ts';

/** A team of the transaction's account; missing and foreign ones are the same 404. */
export async function getTeam(tx: Tx, id: string): Promise<TeamRow> {
  const row = await findTeam(tx, id);
  if (!row) throw notFound('team');
  return row;
}

/** Teams that a body names at `path`; each must be of the account. */
export async function getNamedTeams(tx: Tx, ids: string[], path: string): Promise<{ id: string; name: string }[]> {
  const teams = ids.length === 0 ? [] : await findTeams(tx, ids);
  const missing = ids.findIndex((id) => !teams.some((team) => team.id === id));
  if (missing < 0) return teams;
  const message = 'is not a team of this account';
  throw new ApiError('validation_error', `${path}: ${message}.`, { errors: [{ path: `${path}.${missing}`, message }] });
}

/** Puts somebody who joined into the teams that were meant for them; those that are gone since are left out. */
export const joinTeams = insertMemberOfTeams;
