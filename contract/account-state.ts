import { z } from 'zod';
import { modules } from './modules.ts';

export const moduleName = z.enum(modules);

export const accountStatus = z
  .enum(['trial', 'active', 'suspended', 'cancelled'])
  .describe(
    '`trial` is fully usable until trialEndsAt; a trial that is over, `suspended` and `cancelled` are read-only and still receive messages',
  );
export type AccountStatus = z.infer<typeof accountStatus>;

export const readOnlyReason = z.enum(['trial_ended', 'suspended', 'cancelled']);
export type ReadOnlyReason = z.infer<typeof readOnlyReason>;

/** Why nobody can change anything in an account; undefined while they can. By the clock of now: a trial ends without a job. */
export function readOnlyReasonOf(status: AccountStatus, trialEndsAt: Date | null, now = Date.now()): ReadOnlyReason | undefined {
  if (status === 'active') return undefined;
  if (status !== 'trial') return status;
  return trialEndsAt !== null && trialEndsAt.getTime() <= now ? 'trial_ended' : undefined;
}
