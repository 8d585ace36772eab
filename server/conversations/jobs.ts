import { z } from 'zod';
import { defineJob, type JobHandler } from '../jobs/job.ts';
import { type ActionContext, wakeConversation } from './actions.ts';

/** What conversations leave for later: the end of a snooze. */
export function conversationJobs(context: ActionContext): JobHandler[] {
  return [
    defineJob({
      kind: 'wake conversation',
      payload: z.object({ conversationId: z.uuid() }),
      timeoutMs: 10_000,
      run: ({ accountId, payload }) => wakeConversation(context, accountId, payload.conversationId),
    }),
  ];
}
