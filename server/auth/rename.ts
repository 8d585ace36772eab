import type { Me } from '../../contract/auth.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { describeMe } from './actions.ts';
import type { MemberPrincipal } from './principal.ts';
import { updateName } from './queries.ts';

/** Gives the signed-in person another name; it is theirs in every account. */
export async function renamePerson(context: Context, member: MemberPrincipal, name: string, actor: Actor): Promise<Me> {
  await context.database.withAccount(member.accountId, async (tx) => {
    await updateName(tx, member.userId, name.trim());
    await recordAudit(tx, actor, { action: 'user.renamed', subject: { type: 'user', id: member.userId } });
  });
  return describeMe(context, member);
}
