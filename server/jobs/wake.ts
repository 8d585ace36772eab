import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/pool.ts';
import { type Lane, lanes } from './job.ts';
import { notifyLanes } from './queries.ts';

type OnError = (error: unknown) => void;

/** For a process without a worker: wakes those of other processes, with one notification for all that came meanwhile. */
export function createRemoteWake(database: Database, onError: OnError): { wake(lane: Lane): void } {
  const woken = new Set<Lane>();
  let isSending = false;
  async function send(): Promise<void> {
    isSending = true;
    for (; woken.size > 0; await sleep(10)) {
      const batch = [...woken];
      woken.clear();
      // Lost wake-ups cost no more than the poll of the workers.
      await notifyLanes(database, batch).catch(onError);
    }
    isSending = false;
  }
  return {
    wake(lane) {
      woken.add(lane);
      if (!isSending) void send();
    },
  };
}

/** Passes on what other processes announce; listens again when the connection was lost. Returns how to stop. */
export function hearWakes(database: Database, wake: (lane: Lane) => void, onError: OnError): () => Promise<void> {
  const stopping = new AbortController();
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  const heard = (payload: string) => lanes.filter((lane) => payload.split(' ').includes(lane)).forEach(wake);

  async function listen(): Promise<void> {
    let lose: (error: Error) => void = () => {};
    const lost = new Promise<never>((_, reject) => {
      lose = reject;
    });
    lost.catch(() => {});
    const close = await database.listen('guichet_jobs', heard, lose);
    try {
      await Promise.race([lost, stopped]);
    } finally {
      await close();
    }
  }
  async function keepListening(): Promise<void> {
    while (!stopping.signal.aborted) {
      await listen().catch(onError);
      await Promise.race([sleep(1_000, undefined, { ref: false }), stopped]);
    }
  }
  const listening = keepListening();
  return async () => {
    stopping.abort();
    await listening;
  };
}
