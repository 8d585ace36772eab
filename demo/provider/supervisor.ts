import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProviderReady, ProviderSettings } from './protocol.ts';

export interface RunningProvider {
  readonly url: string;
  stop(): void;
}

const isSource = import.meta.url.endsWith('.ts');
const program = fileURLToPath(new URL(isSource ? './main.ts' : './main.js', import.meta.url));
/** Little to do and to remember: without compiled code and with a small heap it holds 9 MB of its own (the rest is Node's, shared with us). */
const nodeOptions = [
  ...(isSource ? ['--import', 'tsx'] : []),
  '--lite-mode',
  '--no-expose-wasm',
  '--no-opt',
  '--v8-pool-size=1',
  '--max-semi-space-size=1',
  '--max-old-space-size=32',
];
const restartMs = 300;
const restartMaxMs = 10_000;

/** Runs the stand-in as another process and starts it again, on the same port, whenever it ends. Resolves when it listens. */
export function startProvider(settings: ProviderSettings, onPort: (url: string) => void): Promise<RunningProvider> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    let port = settings.port;
    let isStopped = false;
    let delay = restartMs;

    const running: RunningProvider = {
      get url() {
        return `http://127.0.0.1:${port}`;
      },
      stop() {
        isStopped = true;
        child?.kill('SIGTERM');
      },
    };

    function launch(): void {
      if (isStopped) return;
      const startedAt = Date.now();
      // Nothing of our environment: the stand-in has no business with our secrets.
      child = fork(program, [], { env: {}, execArgv: nodeOptions, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child.once('message', (message) => {
        port = (message as ProviderReady).port;
        onPort(running.url);
        resolve(running);
      });
      // A process that cannot be started fails twice: in starting and in being told its settings.
      child.on('error', again);
      child.once('exit', again);
      child.send({ ...settings, port });

      let isOver = false;
      function again(): void {
        if (isOver) return;
        isOver = true;
        delay = Date.now() - startedAt > restartMaxMs ? restartMs : Math.min(delay * 2, restartMaxMs);
        setTimeout(launch, delay === restartMaxMs ? restartMaxMs : restartMs).unref();
      }
    }
    launch();
  });
}
