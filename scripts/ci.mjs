// npm run ci: every check of the house, then every test. All of them run, so that one look shows all that is wrong.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './install.mjs';
import { root, say } from './run.mjs';

const bin = (name) => join('node_modules', '.bin', name);
const types = (project) => ({ name: `types of ${project}`, command: [bin('tsc'), '--noEmit', '-p', project], needs: project });

const checks = [
  types('tsconfig.json'),
  types('web/tsconfig.json'),
  types('widget/tsconfig.json'),
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'format', command: [bin('biome'), 'format'] },
  { name: 'dead code', command: [bin('knip'), '--no-progress', '--no-config-hints'] },
  { name: 'tests', command: ['npm', 'test', '--silent'] },
];

await ensureInstalled();
const failed = checks.filter((check) => !check.needs || existsSync(join(root, check.needs))).filter((check) => !passes(check));
say(failed.length === 0 ? 'Every check passed.' : `Failed: ${failed.map((check) => check.name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes({ name, command: [program, ...args] }) {
  say(name);
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status === 0;
}
