import { chainKeysOf, readChainKeys } from '../server/audit/keys.ts';
import type { ChainKeys } from '../server/audit/verify.ts';
import { hasChainOf, type Verdict, verifyAccount, verifyDatabase } from '../server/audit/verify-database.ts';
import { type ExportHeader, NoExport, verifyFile } from '../server/audit/verify-file.ts';
import { findSecretKeys, readConfig } from '../server/config.ts';
import { createMasters } from '../server/credentials/masters.ts';
import { type Command, type ExitCode, type Given, Misuse } from './command.ts';
import { withDatabase } from './database.ts';

export const auditVerify: Command = {
  name: 'audit verify',
  summary: [
    'Follows the audit chains from their first entries and proves that nothing was changed, taken out or put in, also while',
    'the server runs. With --file it needs no database: hashes are checked always, marks where the master key is at hand',
    '(GUICHET_SECRET_KEY, or the file secret-key in the data directory). Ends with 1 and names the first broken entry.',
  ].join('\n'),
  options: {
    account: { value: 'ID', description: 'Only the chain of this account.' },
    anchor: { value: 'FILE', description: 'An earlier export: the chain in the database must still be the one that it holds.' },
    file: { value: 'FILE', description: 'An export of the audit log (JSON Lines).' },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    if (given.file && (given.account || given.anchor))
      throw new Misuse('--file goes with neither --account nor --anchor: it needs no database');
    return given.file ? runFile(String(given.file), given) : runDatabase(given);
  },
};

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function runDatabase(given: Given): Promise<ExitCode> {
  const accountId = given.account === undefined ? undefined : String(given.account).toLowerCase();
  if (accountId !== undefined && !idPattern.test(accountId)) throw new Misuse('--account must be the id of an account');
  const { secretKey, previousSecretKey } = readConfig();
  return withDatabase(async (database) => {
    const keys = await readChainKeys(database, createMasters(secretKey, previousSecretKey));
    const anchor = given.anchor === undefined ? undefined : await verifyExport(String(given.anchor), () => undefined);
    if (anchor?.broken) return report([anchor], given, false);
    const wanted = anchor?.accountId ?? accountId;
    if (anchor && accountId !== undefined && accountId !== wanted) throw new Misuse('that export is of another account');
    if (wanted === undefined) return report(verifyDatabase(database, keys), given, true);
    if (!(await hasChainOf(database, wanted))) throw new Misuse('there is no account with this id');
    return report([await verifyAccount(database, wanted, keys, anchor)], given, true);
  });
}

async function runFile(path: string, given: Given): Promise<ExitCode> {
  const found = findSecretKeys();
  const masters = found && createMasters(found.secretKey, found.previousSecretKey);
  const verdict = await verifyExport(
    path,
    ({ retiredKeys }) =>
      masters &&
      chainKeysOf(
        masters,
        retiredKeys.map((key) => ({ ...key, kind: 'audit' })),
      ),
  );
  return report([verdict], given, masters !== undefined);
}

/** The verdict on an export; throws Misuse for a file that cannot be read or is none. */
function verifyExport(path: string, keysFor: (header: ExportHeader) => ChainKeys | undefined): Promise<Verdict> {
  return verifyFile(path, keysFor).catch((error: unknown) => {
    if (error instanceof NoExport) throw new Misuse(`${path}: ${error.message}`);
    if (error instanceof Error && 'code' in error) throw new Misuse(`${path} cannot be read: ${String(error.code)}`);
    throw error;
  });
}

async function report(verdicts: AsyncIterable<Verdict> | Verdict[], given: Given, hasMarks: boolean): Promise<ExitCode> {
  const broken: object[] = [];
  let [accounts, entries] = [0, 0];
  for await (const verdict of verdicts) {
    accounts += 1;
    entries += verdict.entries;
    const { accountId, broken: found } = verdict;
    if (found) broken.push({ accountId, ...found });
    if (!given.json) console.log(describe(verdict));
  }
  const status = broken.length === 0 ? 'ok' : 'broken';
  const marks = hasMarks ? 'checked' : 'unchecked';
  if (given.json) console.log(JSON.stringify({ status, accounts, entries, marks, broken }));
  else if (!hasMarks) console.log('The master key is not at hand: hashes were checked, marks were not.');
  return broken.length === 0 ? 0 : 1;
}

function describe({ accountId, entries, broken }: Verdict): string {
  if (!broken) return `ok      ${accountId}: ${entries} entries`;
  return `BROKEN  ${accountId} at entry ${broken.seq}: ${broken.cause} (${broken.kind}; the ${entries} entries before it hold)`;
}
