import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { findOpenInvitation, type InvitationRow, revokeInvitationsOf } from './queries.ts';

/** An invitation that nobody accepted or revoked; over, missing and foreign ones are the same 404. */
export async function getOpenInvitation(tx: Tx, id: string): Promise<InvitationRow> {
  const row = await findOpenInvitation(tx, id);
  if (!row) throw notFound('invitation');
  return row;
}

/** Closes the open invitations that somebody made; part of the caller's transaction. */
export const revokeInvitationsBy = revokeInvitationsOf;
