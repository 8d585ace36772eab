import { revokeInvitationsOf } from './queries.ts';

/** Closes the open invitations that somebody made; part of the caller's transaction. */
export const revokeInvitationsBy = revokeInvitationsOf;
