import type { z } from 'zod';
import type { newDesk } from '../../contract/auth.ts';
import { createAccount } from '../accounts/actions.ts';
import { canonicalEmail } from '../auth/address.ts';
import type { Opened } from '../auth/answer.ts';
import { openSession } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import { limitedAddress } from '../limits/address.ts';
import { readDesks } from './queries.ts';

export async function readSetupState({ database }: Pick<Context, 'database'>): Promise<{ demo: boolean; needsSetup: boolean }> {
  const desks = await readDesks(database);
  return { demo: desks.has_demo, needsSetup: !desks.has_own };
}

/** The code to print at the start while nobody has made a desk of their own; undefined afterwards. */
export async function issueSetupCode(context: Pick<Context, 'database' | 'setup'>): Promise<string | undefined> {
  return (await readSetupState(context)).needsSetup ? context.setup.issue() : undefined;
}

/** Makes the first desk for whoever has the code of the console, and signs its admin in. */
export async function createFirstDesk(
  context: Context,
  given: z.infer<typeof newDesk> & { ip: string; device: string; requestId: string },
): Promise<Opened> {
  const { setup, database } = context;
  if (!(await readSetupState(context)).needsSetup)
    throw new ApiError('conflict', 'This installation has its desk already: its admin adds people.');
  const taken = await context.attempts.guess(`setup code ${limitedAddress(given.ip)}`, async () => setup.take(given.code) || undefined);
  if (!taken)
    throw new ApiError('forbidden', 'The code does not fit. The console of the server shows it.', {
      errors: [{ path: 'code', message: 'does not fit' }],
    });
  // Whoever reads the console is the operator.
  const actor = { ...context.actors.operator, ip: given.ip, requestId: given.requestId };
  const created = await createAccount(database, actor, given, { isByOperator: true }).catch((error: unknown) => {
    setup.giveBack(given.code);
    throw error;
  });
  const user = { id: created.userId, email: canonicalEmail(given.email), name: given.memberName };
  return openSession(
    context,
    user,
    { account_id: created.accountId, role: 'admin' },
    {
      method: 'setup',
      device: given.device,
      actorOf: (id) => ({ ...actor, type: 'member', id }),
    },
  );
}
