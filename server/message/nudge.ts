import type { Database } from '../db/pool.ts';
import type { Logger } from '../log.ts';
import { notifyProcesses } from './queries.ts';

export interface NudgeOptions {
  database: Database;
  log: Logger;
  /** Another process announced something. */
  heard: () => void;
  /** False in a process that only sends. */
  isListening: boolean;
  /** Names this process: it does not listen to itself. */
  sender: string;
}

export interface Nudge {
  /** Wakes the other processes; at most once in a while, and once more at its end when there was a reason. */
  send(): void;
  close(): Promise<void>;
}

const channel = 'guichet_announcements';
const everyMs = 5;
const reconnectMs = 500;

/** Wakes the other processes of this installation over a connection of its own. A lost nudge costs at most a poll. */
export function createNudge(options: NudgeOptions): Nudge {
  const { database, log, sender } = options;
  let isWaiting = false;
  let isWanted = false;
  let isClosed = false;
  let sending: Promise<void> = Promise.resolve();
  let stopListening: (() => Promise<void>) | undefined;
  let reconnect: NodeJS.Timeout | undefined;
  let listening: Promise<void> = options.isListening ? listen() : Promise.resolve();

  async function listen(): Promise<void> {
    try {
      const stop = await database.listen(channel, (from) => from !== sender && options.heard(), lost);
      stopListening = stop;
      options.heard();
    } catch {
      lost();
    }
  }

  /** Called more than once for one loss; the look of every second hears what is missed meanwhile. */
  function lost(): void {
    const stop = stopListening;
    stopListening = undefined;
    // Its server is gone, so ending it can only fail; the socket is closed either way.
    stop?.().catch(() => {});
    if (isClosed || reconnect) return;
    reconnect = setTimeout(() => {
      reconnect = undefined;
      listening = listen();
    }, reconnectMs);
  }

  function send(): void {
    if (isClosed) return;
    isWanted = true;
    if (isWaiting) return;
    isWaiting = true;
    isWanted = false;
    sending = notifyProcesses(database, channel, sender).catch((error: unknown) =>
      log.debug({ err: error }, 'other processes were not woken'),
    );
    void sending.then(() =>
      setTimeout(() => {
        isWaiting = false;
        if (isWanted) send();
      }, everyMs),
    );
  }

  return {
    send,
    async close() {
      isClosed = true;
      clearTimeout(reconnect);
      await Promise.all([listening, sending]);
      await stopListening?.();
    },
  };
}
