export interface PulseOptions {
  /** The floor: a beat comes at least this often. */
  pollMs: number;
  /** Beats start at least this far apart. */
  pauseMs: number;
  /** After a beat that failed. */
  retryMs: number;
  beat: () => Promise<void>;
  /** After every beat; with the error of one that failed. */
  ended: (error: unknown) => void;
}

export interface Pulse {
  /** A beat is due; those asked for while one runs are one. */
  stir(): void;
  stop(): Promise<void>;
}

/** Does something again and again: when it is stirred, at the floor, and never twice at once. */
export function startPulse(options: PulseOptions): Pulse {
  let isDue = true;
  let isStopped = false;
  let wakeUp: () => void = () => {};

  async function run(): Promise<void> {
    while (!isStopped) {
      if (!isDue) await rest(options.pollMs, true);
      if (isStopped) return;
      isDue = false;
      const startedAt = performance.now();
      const error = await options.beat().then(
        () => undefined,
        (cause: unknown) => cause ?? new Error('a beat failed'),
      );
      options.ended(error);
      const pauseMs = options.pauseMs - (performance.now() - startedAt);
      await rest(error === undefined ? pauseMs : Math.min(options.retryMs, options.pollMs), false);
    }
  }

  function rest(ms: number, mayBeStirred: boolean): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      if (!mayBeStirred) return;
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = run();
  return {
    stir() {
      isDue = true;
      wakeUp();
    },
    async stop() {
      isStopped = true;
      wakeUp();
      await running;
    },
  };
}
