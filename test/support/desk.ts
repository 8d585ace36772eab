import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface Answer {
  status: number;
  /** Whatever the API answered. */
  json: any;
  text: string;
  headers: Headers;
}

/** A built server as a process of its own, seen only from outside. */
export interface Desk {
  readonly base: string;
  readonly pid: number;
  readonly dataDir: string;
  /** The master key, for a second process over the same database. */
  secretKey(): Promise<string>;
  call(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; raw?: string | Buffer; headers?: Record<string, string> },
  ): Promise<Answer>;
  signIn(email?: string, password?: string): Promise<string>;
  /** A further account with its admin, made as an operator would; its access token. */
  makeAccount(name: string): Promise<{ token: string; signIn: () => Promise<string> }>;
  /** SIGKILL, with PostgreSQL when asked; returns when the processes are gone. */
  kill(withPostgres: boolean): Promise<void>;
  /** Starts again on the same data directory and port. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** What the process printed so far. */
  output(): string;
  /** Ends everything and removes the data directory. */
  remove(): Promise<void>;
}

export interface DeskOptions {
  env?: Record<string, string>;
  dataDir?: string;
  /** Where somebody else must know the address before the desk starts. */
  port?: number;
}

const readyMs = 60_000;

/** Starts the built server (dist/) on a free port and a fresh data directory. */
export async function startDesk(options: DeskOptions = {}): Promise<Desk> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'guichet-desk-')));
  const port = options.port ?? (await freePort());
  const base = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    NODE_ENV: 'development',
    PORT: String(port),
    GUICHET_DATA_DIR: dataDir,
    GUICHET_DEMO: 'true',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  let child: ChildProcess;
  let printed = '';

  async function launch() {
    child = spawn(process.execPath, ['cli/guichet.mjs', 'serve'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-50_000)));
    const deadline = Date.now() + readyMs;
    while (!(await isReady(base))) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${printed.slice(-2_000)}`);
      if (Date.now() > deadline) throw new Error(`not ready in ${readyMs} ms: ${printed.slice(-2_000)}`);
      await sleep(25);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return exited;
  }

  await launch();
  const desk: Desk = {
    base,
    dataDir,
    secretKey: async () => (await readFile(join(dataDir, 'secret-key'), 'utf8')).trim(),
    get pid() {
      return child.pid ?? 0;
    },
    async call(method, path, { token, body, raw, headers = {} } = {}) {
      const sent: Record<string, string> = { ...headers };
      if (token) sent.authorization = `Bearer ${token}`;
      if (body !== undefined) sent['content-type'] ??= 'application/json';
      if (method === 'POST' && path.startsWith('/api/')) sent['idempotency-key'] ??= randomUUID();
      const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(base + path, {
        method,
        headers: sent,
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
        ...(payload === undefined ? {} : { body: payload }),
      });
      const text = await response.text();
      return { status: response.status, text, headers: response.headers, json: parseJson(text) };
    },
    async signIn(email = 'demo@guichet.local', password = 'guichet-demo') {
      const answer = await desk.call('POST', '/api/v1/auth/login', { body: { email, password } });
      if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
      return answer.json.accessToken;
    },
    async makeAccount(name) {
      const [email, password] = [`${name}@example.org`, `password of ${name}`];
      const args = ['cli/guichet.mjs', 'account', 'create', '--name', name, '--email', email, '--password', password, '--json'];
      await promisify(execFile)(process.execPath, args, { env });
      const signIn = () => desk.signIn(email, password);
      return { token: await signIn(), signIn };
    },
    async kill(withPostgres) {
      const postmaster = withPostgres ? postmasterPid(dataDir) : undefined;
      const gone = end('SIGKILL');
      if (postmaster !== undefined) killTree(postmaster);
      await gone;
    },
    restart: launch,
    stop: () => end('SIGTERM'),
    output: () => printed,
    async remove() {
      await end('SIGTERM');
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
  return desk;
}

async function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** The postmaster and every backend of it: a power cut leaves none of them. */
function killTree(postmaster: number) {
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  for (const pid of [postmaster, ...children]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function postmasterPid(dataDir: string): number {
  const [first] = readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n');
  return Number(first);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
