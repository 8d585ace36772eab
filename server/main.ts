import { type Config, readConfig } from './config.ts';
import { createDatabase, type Database } from './db/pool.ts';
import { type Installation, openInstallation } from './installation.ts';
import { OperatorError } from './operator-error.ts';
import { createLog, type Logger } from './log.ts';
import { createRemoteWake } from './jobs/wake.ts';
import { buildProbes } from './probes/app.ts';
import { createMetrics, type Metrics } from './probes/metrics.ts';
import { type Context, createContext } from './context.ts';
import { buildApp } from './app.ts';
import { keepDemo, prepareDemo } from '../demo/start.ts';
import { conversationJobs } from './conversations/jobs.ts';
import { startLive } from './live.ts';
import { mailJobs } from './mail/jobs.ts';
import { stopOnSignals } from './shutdown.ts';
import { startBackground } from './worker.ts';

/** What this process is: everything, only what answers, or only what works in the background. */
export type ProcessRole = 'serve' | 'web' | 'worker';

export interface RunOptions {
  onProgress?: (line: string) => void;
  /** Called once requests are answered. */
  onListening?: (started: Started) => void | Promise<void>;
}

export interface Started {
  url: string;
  context: Context;
}

/** Starts this process in its role and returns when it answers; it ends by a signal. */
export async function run(role: ProcessRole, options: RunOptions = {}): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const metrics = createMetrics();
  const onProgress = options.onProgress ?? (() => {});
  const installation = await openInstallation(config, {
    embedded: role === 'serve' ? 'keep' : 'join',
    onProgress,
    onDatabaseExit(reason) {
      metrics.error();
      log.error({ err: new Error(reason) }, 'PostgreSQL died; starting it again');
    },
  });
  const database = openDatabase(installation, log, metrics);
  try {
    const context = createContext(config, log, database, metrics);
    // Under another master key nothing that is sealed opens: better no start than one that fails here and there.
    await context.dataKeys.current();
    await prepareDemo(context, onProgress);
    const url = await start(role, context, installation);
    await options.onListening?.({ url, context });
  } catch (error) {
    await database.close();
    await installation.close();
    throw error;
  }
}

/** Every part of this role, each with the way to end it; ended in the opposite order. */
async function start(role: ProcessRole, context: Context, installation: Installation): Promise<string> {
  const app = role === 'worker' ? await buildProbes(context) : await buildApp(context);
  await app.listen({ host: context.config.host, port: context.config.port }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new OperatorError(`Port ${context.config.port} is taken by another program: stop it, or set PORT to another one.`)
      : error;
  });
  // After listening: a start that fails for its port has no work under way.
  const live = startLive(context, role === 'worker' ? undefined : app.server);
  const background =
    role === 'web' ? undefined : startBackground(context, [...context.line.jobs, ...conversationJobs(context), ...mailJobs(context)]);
  context.jobs = background ?? createRemoteWake(context.database, (error) => context.log.warn({ err: error }, 'no worker was woken'));
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : context.config.port;
  // The worker answers no hooks, so no stand-in could report to it.
  const stopDemo = role === 'worker' ? () => {} : keepDemo(context, port);
  stopOnSignals(context, [
    async () => void (await Promise.all([app.close(), live.closeSockets()])),
    async () => background?.stop(),
    async () => stopDemo(),
    () => live.close(),
    () => context.database.close(),
    () => installation.close(),
  ]);
  const url = localUrl(context.config, port);
  installation.announce(url);
  context.log.info({ role, port: context.config.port }, 'listening');
  return url;
}

function openDatabase(installation: Installation, log: Logger, metrics: Metrics): Database {
  return createDatabase({
    appUrl: installation.appUrl,
    jobUrl: installation.jobUrl,
    onError: (error) => log.warn({ err: error }, 'a connection to PostgreSQL was lost'),
    onQuery: metrics.databaseQuery,
  });
}

/** Where a person on this machine opens it; `localhost` because passkeys refuse a number. */
function localUrl(config: Config, port: number): string {
  return config.isHttp ? `http://localhost:${port}` : config.publicUrl;
}
