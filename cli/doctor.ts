import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Config, readConfig } from '../server/config.ts';
import { createMasters, type WrappedKey } from '../server/credentials/masters.ts';
import { knownSchema } from '../server/db/migrate.ts';
import { openOwner } from '../server/installation.ts';
import { createMailSender } from '../server/mail/sender.ts';
import type { Command } from './command.ts';

interface Finding {
  check: string;
  isOk: boolean;
  detail: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary:
    'Checks this installation: environment, data directory, database, mail server. Changes nothing. Ends with 1 when something is wrong.',
  options: { json: { description: 'Answer in JSON.' } },
  async run(given) {
    const config = readConfig();
    const findings = [checkNode(), ...checkDataDirectory(config), ...(await checkDatabase(config)), await checkMail(config)];
    const isOk = findings.every((finding) => finding.isOk);
    if (given.json) console.log(JSON.stringify({ status: isOk ? 'ok' : 'failed', findings }));
    else for (const finding of findings) console.log(`${finding.isOk ? 'ok    ' : 'WRONG '} ${finding.check}: ${finding.detail}`);
    return isOk ? 0 : 1;
  },
};

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return {
    check: 'Node.js',
    isOk: major > 20 || (major === 20 && minor >= 19),
    detail: `${process.versions.node} (20.19 or newer is needed)`,
  };
}

const freeBytesMin = 1024 ** 3;

function checkDataDirectory(config: Config): Finding[] {
  const disk = statfsSync(config.dataDir);
  const free = disk.bavail * disk.bsize;
  const key = statSync(join(config.dataDir, 'secret-key'), { throwIfNoEntry: false });
  return [
    { check: 'data directory', isOk: isWritable(config.dataDir), detail: config.dataDir },
    { check: 'free space', isOk: free >= freeBytesMin, detail: `${(free / 1024 ** 3).toFixed(1)} GiB (1 GiB or more is needed)` },
    {
      check: 'master key',
      isOk: !key || (key.mode & 0o077) === 0,
      detail: key ? 'in the data directory, for its owner only' : 'from GUICHET_SECRET_KEY',
    },
  ];
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function checkDatabase(config: Config): Promise<Finding[]> {
  const owner = await openOwner(config, { embedded: 'join', onProgress: () => {} });
  const client = new pg.Client({ connectionString: owner.url, application_name: 'guichet doctor' });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; migrated: boolean }>(
      "select current_setting('server_version_num')::integer as version, to_regclass('schema_migrations') is not null as migrated",
    );
    const version = rows[0]?.version ?? 0;
    const schema = rows[0]?.migrated
      ? (await client.query<{ newest: number }>('select max(number) as newest from schema_migrations')).rows[0]?.newest
      : 0;
    return [
      { check: 'PostgreSQL', isOk: version >= 150_000, detail: `version ${Math.floor(version / 10_000)} (15 or newer is needed)` },
      {
        check: 'schema',
        isOk: schema === knownSchema(),
        detail: `${schema} (this program knows ${knownSchema()}; \`guichet migrate\` brings it up to date)`,
      },
      ...(schema === knownSchema() ? [await checkSecrets(client, config)] : []),
    ];
  } catch (error) {
    return [{ check: 'PostgreSQL', isOk: false, detail: (error as Error).message }];
  } finally {
    await client.end().catch(() => {});
    await owner.close();
  }
}

/** Whether the master key of this environment opens what is in this database. */
async function checkSecrets(client: pg.Client, config: Config): Promise<Finding> {
  const check = 'sealed secrets';
  const masters = createMasters(config.secretKey, config.previousSecretKey);
  const { rows } = await client.query<WrappedKey>('select id, kind, wrapped, master from data_keys');
  const old = rows.filter((key) => !masters.isCurrent(key)).length;
  const foreign = rows.filter((key) => !masters.isKnown(key)).length;
  if (foreign > 0) return { check, isOk: false, detail: `${foreign} data keys were sealed under another GUICHET_SECRET_KEY` };
  if (old > 0) return { check, isOk: false, detail: `${old} data keys hang on the master key before: \`guichet secrets rotate-master\`` };
  return { check, isOk: true, detail: `${rows.length} data keys, all under the present master key` };
}

/** Connects and signs in, and sends nothing. */
async function checkMail(config: Config): Promise<Finding> {
  const check = 'system mail';
  const sender = createMailSender(config);
  if (!config.smtp || !sender) return { check, isOk: true, detail: 'off: invitations and resets are links to copy (GUICHET_SMTP_URL)' };
  const where = `${config.smtp.host}:${config.smtp.port}, from ${config.mailFrom.address}`;
  try {
    await sender.check();
    return { check, isOk: true, detail: where };
  } catch (error) {
    return { check, isOk: false, detail: `${where}: ${(error as Error).message}` };
  }
}
