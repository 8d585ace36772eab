import type { Config } from './config.ts';
import { findEmbeddedUrl, startEmbedded } from './db/embedded/supervisor.ts';
import { migrate } from './db/migrate.ts';
import { openRoles, type RoleUrls, refuseStrongLogin } from './db/roles.ts';
import { OperatorError } from './operator-error.ts';
import { describeHolder, lockDataDirectory } from './lock.ts';

export interface OpenOptions {
  /** `keep`: run the embedded PostgreSQL and hold the data directory. `join`: use it when another process runs it already. */
  embedded: 'keep' | 'join';
  onProgress: (line: string) => void;
  /** The embedded PostgreSQL died and is being started again. */
  onDatabaseExit?: (reason: string) => void;
}

/** The database of this installation, migrated, with the logins that serve. */
export interface Installation extends RoleUrls {
  /** An owner's login; undefined when the operator gave only the logins that serve. */
  ownerUrl: string | undefined;
  /** Tells a second start where this one listens. */
  announce(url: string): void;
  close(): Promise<void>;
}

/** Brings the database up, whichever it is: DATABASE_URL, an embedded one of ours, or one that another process of ours runs. */
export async function openInstallation(config: Config, options: OpenOptions): Promise<Installation> {
  const owner = config.databaseUrl || !config.databaseAppUrl ? await openOwner(config, options) : undefined;
  try {
    const roles = owner ? await prepareDatabase(owner.url, config, options) : givenRoles(config);
    await refuseStrongLogin(roles.appUrl);
    await refuseStrongLogin(roles.jobUrl);
    return { ...roles, ownerUrl: owner?.url, announce: owner?.announce ?? (() => {}), close: owner?.close ?? (async () => {}) };
  } catch (error) {
    await owner?.close();
    throw explainConnection(error);
  }
}

/** A server that cannot be reached or does not let us in is for the operator to mend. */
function explainConnection(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^(28|3D|53300|57P03|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENOENT)/.test(code)) return error;
  return new OperatorError(
    `PostgreSQL cannot be used: ${(error as Error).message}. DATABASE_URL, DATABASE_APP_URL and DATABASE_JOB_URL say where it is.`,
  );
}

interface Owner {
  url: string;
  announce(url: string): void;
  close(): Promise<void>;
}

/** An owner's login, with whatever has to run for it. */
export async function openOwner(config: Config, options: OpenOptions): Promise<Owner> {
  if (config.databaseUrl) return { url: config.databaseUrl, announce: () => {}, close: async () => {} };
  const lock = await lockDataDirectory(config.dataDir);
  if (!lock.isHeld) {
    const url = options.embedded === 'join' ? findEmbeddedUrl(config.dataDir) : undefined;
    if (url === undefined) throw new OperatorError(describeHolder(config.dataDir, lock.holder));
    return { url, announce: () => {}, close: async () => {} };
  }
  try {
    const embedded = await startEmbedded({
      dataDir: config.dataDir,
      onProgress: options.onProgress,
      ...(options.onDatabaseExit ? { onExit: options.onDatabaseExit } : {}),
    });
    return {
      url: embedded.ownerUrl,
      announce: lock.announce,
      async close() {
        await embedded.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function prepareDatabase(ownerUrl: string, config: Config, options: OpenOptions): Promise<RoleUrls> {
  await migrate(ownerUrl, options.onProgress);
  return openRoles({ ownerUrl, dataDir: config.dataDir, appUrl: config.databaseAppUrl, jobUrl: config.databaseJobUrl });
}

function givenRoles(config: Config): RoleUrls {
  if (!config.databaseAppUrl || !config.databaseJobUrl)
    throw new OperatorError('DATABASE_APP_URL and DATABASE_JOB_URL are needed together');
  return { appUrl: config.databaseAppUrl, jobUrl: config.databaseJobUrl };
}
