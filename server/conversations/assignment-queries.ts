import type { Assignment } from '../../contract/conversation.ts';
import type { Tx } from '../db/pool.ts';

/** Whether those who are to get a conversation are there to take it. */
export interface Takers {
  hasMember: boolean;
  hasTeam: boolean;
}

/** Locks whoever is to get a conversation, so that they can neither be suspended nor deleted until it is theirs. */
export async function lockTakers(tx: Tx, { assigneeId, teamId }: Assignment): Promise<Takers> {
  const members = assigneeId
    ? await tx.query({
        name: 'lock assignee',
        text: "select from members where account_id = $1 and user_id = $2 and status = 'active' for share",
        values: [tx.accountId, assigneeId],
      })
    : [];
  const teams = teamId
    ? await tx.query({
        name: 'lock team',
        text: 'select from teams where account_id = $1 and id = $2 for key share',
        values: [tx.accountId, teamId],
      })
    : [];
  return { hasMember: members.length > 0, hasTeam: teams.length > 0 };
}

/** Gives what somebody has to do to somebody else, or to nobody, each with its next seq; returns which those are. */
export async function reassignWork(tx: Tx, from: string, to: string | null): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `with due as (select id from conversations where account_id = $1 and assignee_id = $2 and status <> 'closed' order by id for update)
           update conversations c set assignee_id = $3, seq = c.seq + 1 from due where c.account_id = $1 and c.id = due.id returning c.id`,
    values: [tx.accountId, from, to],
  });
  return rows.map((row) => row.id);
}

/** Takes those of these conversations that are not closed from members who are not active, each with its next seq; returns which. */
export async function releaseFromAbsent(tx: Tx, ids: string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    name: 'release from absent',
    text: `with due as (
             select c.id from conversations c join members m on m.account_id = c.account_id and m.user_id = c.assignee_id
             where c.account_id = $1 and c.id = any($2) and c.status <> 'closed' and m.status <> 'active' order by c.id for update of c)
           update conversations c set assignee_id = null, seq = c.seq + 1 from due where c.account_id = $1 and c.id = due.id returning c.id`,
    values: [tx.accountId, ids],
  });
  return rows.map((row) => row.id);
}

/** Takes every conversation from a team, each with its next seq; returns those that are not closed. */
export async function releaseFromTeam(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string; status: string }>({
    text: `with due as (select id from conversations where account_id = $1 and team_id = $2 order by id for update)
           update conversations c set team_id = null, seq = c.seq + 1 from due where c.account_id = $1 and c.id = due.id returning c.id, c.status`,
    values: [tx.accountId, teamId],
  });
  return rows.filter((row) => row.status !== 'closed').map((row) => row.id);
}

/** Raises the seq of what a team has to do: its name changed. */
export async function touchConversationsOfTeam(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `with due as (select id from conversations where account_id = $1 and team_id = $2 and status <> 'closed' order by id for update)
           update conversations c set seq = c.seq + 1 from due where c.account_id = $1 and c.id = due.id returning c.id`,
    values: [tx.accountId, teamId],
  });
  return rows.map((row) => row.id);
}
