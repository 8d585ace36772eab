import type { Tx } from '../db/pool.ts';

/** Closes the open invitations that somebody made: whoever leaves lets nobody in any more. */
export async function revokeInvitationsOf(tx: Tx, inviterId: string): Promise<void> {
  await tx.query({
    text: `update invitations set revoked_at = now() where account_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null`,
    values: [tx.accountId, inviterId],
  });
}
