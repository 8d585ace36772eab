import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface HookClient {
  /** Posts a signed body and keeps trying until it is answered 2xx; resolves with the first attempt's status, 0 for none. */
  post(body: string): Promise<number>;
  readonly pending: number;
}

const timeoutMs = 10_000;
const firstRetryMs = 1_000;
const retryMaxMs = 60_000;
const ageMaxMs = 24 * 60 * 60_000;
const pendingMax = 10_000;

/** Delivers webhooks as Meta does: signed, at least once, again with growing delays when they are not answered well. */
export function createHookClient(hookUrl: string, appSecret: string): HookClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let pending = 0;

  async function retry(body: string, startedAt: number): Promise<void> {
    for (let delay = firstRetryMs; Date.now() - startedAt < ageMaxMs; delay = Math.min(delay * 2, retryMaxMs)) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      if (isGood(await postOnce(hookUrl, appSecret, body, agent))) break;
    }
    pending -= 1;
  }

  return {
    async post(body) {
      if (pending >= pendingMax) return 0;
      pending += 1;
      const status = await postOnce(hookUrl, appSecret, body, agent);
      if (isGood(status)) pending -= 1;
      else void retry(body, Date.now());
      return status;
    },
    get pending() {
      return pending;
    },
  };
}

const isGood = (status: number) => status >= 200 && status < 300;

function postOnce(hookUrl: string, appSecret: string, body: string, agent: Agent): Promise<number> {
  const bytes = Buffer.from(body);
  const signature = `sha256=${createHmac('sha256', appSecret).update(bytes).digest('hex')}`;
  return new Promise((resolve) => {
    const call = request(
      hookUrl,
      {
        method: 'POST',
        agent,
        timeout: timeoutMs,
        headers: { 'content-type': 'application/json', 'content-length': bytes.length, 'x-hub-signature-256': signature },
      },
      (response) => {
        response.resume();
        response.once('close', () => resolve(response.statusCode ?? 0));
      },
    );
    call.once('timeout', () => call.destroy(new Error('no answer in time')));
    // Whatever the reason, an answer that did not come is tried again.
    call.once('error', () => resolve(0));
    call.end(bytes);
  });
}
