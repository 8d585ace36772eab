// npm run mutants: breaks one promise at a time in a copy of the tree and expects a named test to turn red.
// `npm run mutants -- refresh` runs those whose name holds the word.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root, say } from './run.mjs';

await ensureInstalled();
const { tsImport } = await import('tsx/esm/api');
const { mutants } = await tsImport('../test/mutants/mutants.ts', import.meta.url);
const word = process.argv[2] ?? '';
const chosen = mutants.filter(({ name }) => name.includes(word));
const copy = mkdtempSync(join(tmpdir(), 'guichet-mutants-'));

try {
  copyTree();
  const survivors = chosen.filter((mutant) => !isNoticed(mutant));
  say(`${chosen.length - survivors.length} of ${chosen.length} mutants turned their test red.`);
  for (const { name } of survivors) say(`Survived: ${name}`);
  process.exitCode = survivors.length === 0 && chosen.length > 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** What git knows, and the packages by a link. */
function copyTree() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  for (const path of stdout.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

function isNoticed({ name, file, find, replace, test, red }) {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(find).length !== 2) {
    say(`Stale: ${name}: ${file} does not hold its text exactly once.`);
    return false;
  }
  writeFileSync(
    path,
    whole.replace(find, () => replace),
  );
  try {
    const failed = findFailures(test);
    const isRed = failed.some((title) => title === red);
    say(`${isRed ? 'red ' : 'GREEN'} ${name} (${test}: ${red})${isRed ? '' : `; failed were: ${failed.join(' | ') || 'none'}`}`);
    return isRed;
  } finally {
    writeFileSync(path, whole);
  }
}

/** The names of the tests that fail in a file; of one that cannot even start, every test. */
function findFailures(test) {
  const report = join(copy, 'mutant.json');
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { stderr } = spawnSync(process.execPath, [vitest, 'run', test, '--reporter=json', `--outputFile=${report}`], {
    cwd: copy,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, NODE_ENV: 'test' },
  });
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title),
    );
  } catch {
    return [`nothing ran: ${stderr.slice(-500)}`];
  }
}
