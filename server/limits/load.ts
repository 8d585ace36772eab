import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How busy this process is, and how late the installation's work. */
export interface Load {
  /** Mean delay of the event loop over the last second. */
  delayMs: number;
  /** How long the oldest due job has waited. */
  queueSeconds: number;
}

/** What the limits that give way are multiplied by, from calm to overloaded. */
export const shares = [1, 0.5, 0.25, 0.1] as const;
/** From here on the next step is due; back down only below half of what brought it up. */
const delayStepsMs = [150, 400, 1_000] as const;
const queueStepsSeconds = [60, 300, 1_200] as const;
/** A long garbage collection or one heavy answer is not load; calm has to last longer than the pause between two waves. */
const upAfter = 3;
const downAfter = 10;

/** Turns one look per second into a share: quick to give way, slow to come back, one step at a time. */
export function createLadder(): (load: Load) => number {
  let step = 0;
  let hot = 0;
  let calm = 0;
  return ({ delayMs, queueSeconds }) => {
    const isOver = (at: number, part = 1) =>
      delayMs > (delayStepsMs[at] ?? Number.POSITIVE_INFINITY) * part ||
      queueSeconds > (queueStepsSeconds[at] ?? Number.POSITIVE_INFINITY) * part;
    hot = isOver(step) ? hot + 1 : 0;
    calm = step > 0 && !isOver(step - 1, 0.5) ? calm + 1 : 0;
    if (hot >= upAfter) {
      step += 1;
      hot = 0;
    } else if (calm >= downAfter) {
      step -= 1;
      calm = 0;
    }
    return shares[step] ?? 1;
  };
}

export interface LoadOptions {
  /** Asked every few seconds; a failure leaves the last answer. */
  readQueueSeconds: () => Promise<number>;
  onShare: (share: number) => void;
  lookEveryMs?: number;
}

const resolutionMs = 20;
const queueEvery = 5;

/** Watches the load and tells the share whenever it changes; returns how to stop. */
export function watchLoad({ readQueueSeconds, onShare, lookEveryMs = 1_000 }: LoadOptions): () => void {
  const ladder = createLadder();
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let share = 1;
  let queueSeconds = 0;
  let looks = 0;
  let lookedAt = performance.now();
  const timer = setInterval(() => {
    if (looks++ % queueEvery === 0)
      readQueueSeconds().then(
        (seconds) => {
          queueSeconds = seconds;
        },
        // Without the database there is no queue to be late; what reads it elsewhere says what is wrong.
        () => {},
      );
    // A loop that stood still the whole time has not one sample yet.
    const delayMs = (delays.count === 0 ? performance.now() - lookedAt : delays.mean / 1e6) - resolutionMs;
    delays.reset();
    lookedAt = performance.now();
    const next = ladder({ delayMs, queueSeconds });
    if (next !== share) onShare(next);
    share = next;
  }, lookEveryMs).unref();
  return () => {
    clearInterval(timer);
    delays.disable();
  };
}
