import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package.ts';
import { listSources } from '../support/sources.ts';

const words = Object.keys(JSON.parse(readFileSync(join(packageRoot, 'web/i18n/fr.json'), 'utf8')) as object);

test('every action that is recorded has words on the screen of the audit log', () => {
  const recorded = listSources(/^(server|demo|cli)\/.*(?<!\.test)\.ts$/).flatMap(({ text }) =>
    [...text.matchAll(/\baction: (?:[^'`,}]*\? )?'([a-z_]+\.[a-z_]+)'(?: : '([a-z_]+\.[a-z_]+)')?/g)].flatMap((match) => match.slice(1)),
  );
  const actions = [...new Set(recorded.filter((action) => action !== undefined))].sort();
  expect(actions.length).toBeGreaterThan(30);
  expect(actions.filter((action) => !words.includes(`action.${action}`))).toEqual([]);
});
