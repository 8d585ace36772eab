import type { Context } from '../../context.ts';
import { getPerson } from '../reset.ts';
import { disableTotp } from './actions.ts';

/** Turns somebody's second factor off; says whether it was on. For the operator, who has made sure that it is them. */
export async function removeSecondFactorOf({ database, actors }: Pick<Context, 'database' | 'actors'>, address: string): Promise<boolean> {
  const { user, accountId } = await getPerson(database, address);
  return database.withAccount(accountId, (tx) => disableTotp(tx, user.id, actors.operator));
}
