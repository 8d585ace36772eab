import type { DeliveryError, MessageStatus } from '../../../contract/conversation.ts';
import type { ChannelAdapter, SendOutcome } from '../../channels/channel.ts';
import type { Database } from '../../db/pool.ts';
import type { Endpoints, InboundInbox } from '../inbound/endpoint.ts';
import { type AttemptEnd, closeAttempt, type Leaving, lockLeaving, openAttempt } from './queries.ts';

export interface DeliverOptions {
  database: Database;
  endpoints: Endpoints;
  adapterOf: (channel: InboundInbox['channel']) => ChannelAdapter | undefined;
  committed: () => void;
  counted: (channel: string, outcome: SendOutcome['outcome']) => void;
}

/** What the job is to do next: `again` after a moment without counting as a try, `retry` with back-off. */
export type Delivered = { next: 'done' } | { next: 'again'; afterMs: number } | { next: 'retry'; afterMs: number | null };

/** Attempts before a message that only meets passing errors is given up as failed: about an hour of back-off. */
export const attemptsMax = 10;
const waitForEarlierMinMs = 200;
const waitForEarlierMaxMs = 1_000;

/**
 * One attempt to hand a reply to its provider: journalled before the call, closed after it.
 * An attempt that was opened and never closed (the process died in between) is not repeated unless the provider
 * honours our id: the message becomes `uncertain` and a member decides.
 */
export async function deliver(options: DeliverOptions, accountId: string, messageId: string, signal: AbortSignal): Promise<Delivered> {
  const inboxes = await options.endpoints.byAccount(accountId);
  const opened = await options.database.withAccount(accountId, async (tx) => {
    const leaving = await lockLeaving(tx, messageId);
    if (!leaving || (leaving.status !== 'queued' && leaving.status !== 'sending')) return { step: 'done' } as const;
    if (leaving.must_wait) return { step: 'wait', afterMs: waitAfter(leaving.waited_ms) } as const;
    const route = findRoute(options, inboxes, leaving);
    if (leaving.status === 'sending' && !route?.adapter.idempotent) {
      await closeAttempt(tx, endOf(leaving, leaving.attempt, { outcome: 'uncertain', error: { class: 'unknown', code: 'interrupted' } }));
      return { step: 'done' } as const;
    }
    await openAttempt(tx, leaving.id, leaving.attempt + 1);
    return { step: 'send', leaving, route, attempt: leaving.attempt + 1 } as const;
  });
  if (opened.step === 'wait') return { next: 'again', afterMs: opened.afterMs };
  if (opened.step === 'done') {
    options.committed();
    return { next: 'done' };
  }

  const { leaving, route, attempt } = opened;
  const outcome = lastTry(attempt, await send(leaving, route, signal));
  await options.database.withAccount(accountId, (tx) => closeAttempt(tx, endOf(leaving, attempt, outcome)));
  options.committed();
  options.counted(route?.inbox.channel ?? 'unknown', outcome.outcome);
  return outcome.outcome === 'retry' ? { next: 'retry', afterMs: outcome.retryAfterMs ?? null } : { next: 'done' };
}

/**
 * The end of a message whose job has no try left, whatever used them up: it neither looks as if it were still leaving nor
 * holds up what was written after it.
 */
export async function giveUp(options: Pick<DeliverOptions, 'database' | 'committed'>, accountId: string, messageId: string): Promise<void> {
  await options.database.withAccount(accountId, async (tx) => {
    const leaving = await lockLeaving(tx, messageId);
    if (leaving?.status === 'sending') {
      await closeAttempt(tx, endOf(leaving, leaving.attempt, { outcome: 'uncertain', error: { class: 'unknown', code: 'interrupted' } }));
    } else if (leaving?.status === 'queued') {
      await openAttempt(tx, leaving.id, leaving.attempt + 1);
      await closeAttempt(tx, endOf(leaving, leaving.attempt + 1, failure({ class: 'transient', code: 'gave_up' })));
    }
  });
  options.committed();
}

/** The longer the earlier reply does not leave, the less often this one looks. */
function waitAfter(waitedMs: number): number {
  return Math.round(Math.min(waitForEarlierMaxMs, Math.max(waitForEarlierMinMs, waitedMs / 10)));
}

interface Route {
  inbox: InboundInbox;
  adapter: ChannelAdapter;
}

function findRoute(options: DeliverOptions, inboxes: InboundInbox[], leaving: Leaving): Route | undefined {
  const inbox = inboxes.find((candidate) => candidate.id === leaving.inbox_id);
  const adapter = inbox && options.adapterOf(inbox.channel);
  return inbox && adapter ? { inbox, adapter } : undefined;
}

async function send(leaving: Leaving, route: Route | undefined, signal: AbortSignal): Promise<SendOutcome> {
  if (!route?.adapter.send) return failure({ class: 'content', code: 'channel_refuses' });
  if (leaving.to_kind === null || leaving.to_value === null) return failure({ class: 'recipient', code: 'no_address' });
  const to = { kind: leaving.to_kind, value: leaving.to_value };
  const message = { id: leaving.id, to, text: leaving.text, replyToExternalId: leaving.reply_external_id };
  try {
    return await route.adapter.send(message, route.inbox, signal);
  } catch (error) {
    // An adapter that throws broke its promise: whether the call left is not known.
    return {
      outcome: 'uncertain',
      error: { class: 'unknown', code: 'adapter_error', detail: error instanceof Error ? error.name : 'error' },
    };
  }
}

const failure = (error: DeliveryError): SendOutcome => ({ outcome: 'failed', error });

/** A passing error on the last try is the end: the member sees it and may send again. */
function lastTry(attempt: number, outcome: SendOutcome): SendOutcome {
  return outcome.outcome === 'retry' && attempt % attemptsMax === 0 ? failure(outcome.error) : outcome;
}

function endOf(leaving: Leaving, attempt: number, outcome: SendOutcome): AttemptEnd {
  const statusAfter: Record<SendOutcome['outcome'], MessageStatus> = {
    sent: 'sent',
    retry: 'queued',
    failed: 'failed',
    uncertain: 'uncertain',
  };
  return {
    messageId: leaving.id,
    conversationId: leaving.conversation_id,
    inboxId: leaving.inbox_id,
    attempt,
    outcome: outcome.outcome,
    status: outcome.outcome === 'sent' ? (outcome.status ?? 'sent') : statusAfter[outcome.outcome],
    externalId: outcome.outcome === 'sent' ? outcome.externalId : null,
    error: outcome.outcome === 'sent' ? null : outcome.error,
  };
}
