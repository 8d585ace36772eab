import { type Actors, createActors } from './audit/actor.ts';
import { createAccessTokens, type AccessTokens } from './auth/access-token.ts';
import { createAttempts, type Attempts } from './auth/attempts.ts';
import { createAuthenticator, type Authenticator } from './auth/authenticate.ts';
import { createOneTimeTokens, type OneTimeTokens } from './auth/one-time-tokens.ts';
import { createProviders, type Providers } from './auth/oidc/providers.ts';
import { createRefreshTokens, type RefreshTokens } from './auth/refresh-token.ts';
import type { Config } from './config.ts';
import type { Database } from './db/pool.ts';
import { createFileStore, type FileStore } from './files/store.ts';
import { createFileLinks, type FileLinks } from './files/links.ts';
import type { Lane } from './jobs/job.ts';
import type { Limits } from './limits/limits.ts';
import { openLimits } from './limits/start.ts';
import type { Logger } from './log.ts';
import { createLine, type Line } from './message/line.ts';
import { type Channels, createChannels } from './channels/index.ts';
import { createDataKeys, type DataKeys } from './credentials/data-keys.ts';
import { createMasters } from './credentials/masters.ts';
import { createPassingSealer, createSealer, deriveKey, inboxSecrets, type PassingSealer, type Sealer } from './credentials/seal.ts';
import type { Metrics } from './probes/metrics.ts';
import { createSetup, type Setup } from './setup/code.ts';

/** What every part of the server is given; made once by main. */
export interface Context {
  config: Config;
  log: Logger;
  database: Database;
  files: FileStore;
  fileLinks: FileLinks;
  metrics: Metrics;
  dataKeys: DataKeys;
  sealer: Sealer;
  passingSealer: PassingSealer;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  oneTimeTokens: OneTimeTokens;
  auth: Authenticator;
  attempts: Attempts;
  /** Where people may sign in besides here. */
  oidc: Providers;
  limits: Limits;
  /** Who acts, for the audit log. */
  actors: Actors;
  setup: Setup;
  channels: Channels;
  line: Line;
  /** To be told after the commit of whatever enqueued. */
  jobs: { wake(lane: Lane): void };
  /** To be told after the commit of whatever announced. */
  announcer: { wake(): void };
  /** The sockets of this process; absent where it has none. */
  realtime?: { closeSession(sessionId: string): void };
  /** What looks after the demo's stand-in provider; absent where there is none to look after. */
  standIn?: { check(): Promise<void> };
  /** True from SIGTERM on: not ready any more, still answering. */
  life: { isDraining: boolean };
}

/** What every part is given. The line wakes parts that start after it, so it reaches them through the context. */
export function createContext(config: Config, log: Logger, database: Database, metrics: Metrics): Context {
  const masters = createMasters(config.secretKey, config.previousSecretKey);
  const dataKeys = createDataKeys(database, masters);
  const sealer = createSealer(masters, dataKeys);
  const accessTokens = createAccessTokens(config.secretKey);
  const channels = createChannels({ whatsappApiUrl: config.providers.whatsapp });
  const files = createFileStore(config.filesDir);
  const limits = openLimits(config, database, metrics, log);
  const line = createLine({
    database,
    files,
    channels,
    metrics,
    publicUrl: config.publicUrl,
    openSecrets: (sealed, accountId) => sealer.unsealJson(sealed, inboxSecrets, accountId),
    wakeJobs: (lane) => context.jobs.wake(lane),
    wakeAnnouncer: () => context.announcer.wake(),
  });
  const context: Context = {
    config,
    log,
    database,
    metrics,
    files,
    fileLinks: createFileLinks(deriveKey(config.secretKey, 'file link')),
    dataKeys,
    sealer,
    passingSealer: createPassingSealer(config.secretKey),
    accessTokens,
    refreshTokens: createRefreshTokens(config.secretKey),
    oneTimeTokens: createOneTimeTokens(config.secretKey),
    auth: createAuthenticator(database, accessTokens, log),
    oidc: createProviders(config),
    attempts: createAttempts(database, config.secretKey, log),
    limits,
    actors: createActors(config.secretKey),
    setup: createSetup(),
    channels,
    line,
    jobs: { wake: () => {} },
    announcer: { wake: () => {} },
    life: { isDraining: false },
  };
  return context;
}
