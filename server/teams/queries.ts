import type { Tx } from '../db/pool.ts';

export interface TeamRow {
  id: string;
  name: string;
  members: { id: string; name: string }[];
  created_at: Date;
}

const columns = `t.id, t.name, t.created_at,
  (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id), '[]') from team_members tm join users u on u.id = tm.user_id
    where tm.account_id = t.account_id and tm.team_id = t.id) as members`;

/** A page of the teams by name; one more than asked for when there are more. */
export function listTeamRows(tx: Tx, after: string | undefined, limit: number): Promise<(TeamRow & { name_key: string })[]> {
  return tx.query<TeamRow & { name_key: string }>({
    name: 'team_list',
    text: `select ${columns}, t.name_key from teams t where t.account_id = $1 and ($2::text is null or t.name_key > $2) order by t.name_key limit $3`,
    values: [tx.accountId, after ?? null, limit + 1],
  });
}

export async function findTeam(tx: Tx, id: string): Promise<TeamRow | undefined> {
  const [row] = await tx.query<TeamRow>({
    name: 'team_find',
    text: `select ${columns} from teams t where t.account_id = $1 and t.id = $2`,
    values: [tx.accountId, id],
  });
  return row;
}

/** Locks a team until the transaction ends; false when there is none. */
export async function lockTeam(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query({ text: 'select from teams where account_id = $1 and id = $2 for update', values: [tx.accountId, id] });
  return rows.length > 0;
}

export async function insertTeam(tx: Tx, team: { id: string; name: string; nameKey: string }): Promise<void> {
  await tx.query({
    text: 'insert into teams (account_id, id, name, name_key) values ($1, $2, $3, $4)',
    values: [tx.accountId, team.id, team.name, team.nameKey],
  });
}

export async function renameTeamRow(tx: Tx, id: string, name: string, nameKey: string): Promise<void> {
  await tx.query({
    text: 'update teams set name = $3, name_key = $4 where account_id = $1 and id = $2',
    values: [tx.accountId, id, name, nameKey],
  });
}

export async function deleteTeamRow(tx: Tx, id: string): Promise<void> {
  await tx.query({ text: 'delete from teams where account_id = $1 and id = $2', values: [tx.accountId, id] });
}

/** Puts members into a team; those who are in it stay, those who are no members are left out. Returns who was added. */
export async function insertTeamMembers(tx: Tx, teamId: string, userIds: string[]): Promise<string[]> {
  const rows = await tx.query<{ user_id: string }>({
    text: `insert into team_members (account_id, team_id, user_id)
           select account_id, $2, user_id from members where account_id = $1 and user_id = any($3) and status <> 'removed'
           on conflict do nothing returning user_id`,
    values: [tx.accountId, teamId, userIds],
  });
  return rows.map((row) => row.user_id);
}

/** Of these people those who are members and were not removed; they cannot be removed until the transaction ends. */
export async function lockMembers(tx: Tx, userIds: string[]): Promise<Set<string>> {
  const rows = await tx.query<{ user_id: string }>({
    text: `select user_id from members where account_id = $1 and user_id = any($2) and status <> 'removed' order by user_id for share`,
    values: [tx.accountId, userIds],
  });
  return new Set(rows.map((row) => row.user_id));
}

export async function deleteTeamMember(tx: Tx, teamId: string, userId: string): Promise<boolean> {
  const rows = await tx.query({
    text: 'delete from team_members where account_id = $1 and team_id = $2 and user_id = $3 returning user_id',
    values: [tx.accountId, teamId, userId],
  });
  return rows.length > 0;
}

/** Of these teams those that exist in the account. */
export function findTeams(tx: Tx, ids: string[]): Promise<{ id: string; name: string }[]> {
  return tx.query({
    text: 'select id, name from teams where account_id = $1 and id = any($2) order by name_key',
    values: [tx.accountId, ids],
  });
}

/** Puts somebody into those of these teams that still exist. */
export async function insertMemberOfTeams(tx: Tx, userId: string, teamIds: string[]): Promise<void> {
  await tx.query({
    text: `insert into team_members (account_id, team_id, user_id)
           select account_id, id, $2 from teams where account_id = $1 and id = any($3) order by id on conflict do nothing`,
    values: [tx.accountId, userId, teamIds],
  });
}
