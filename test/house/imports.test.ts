import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { listSources } from '../support/sources.ts';

interface Import {
  from: string;
  to: string;
}

const files = listSources(/^(server|contract|web|widget|cli|demo|bench)\/.*(?<!\.test)\.tsx?$/);
const imports: Import[] = files.flatMap((file) =>
  [...file.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => ({
    from: file.path,
    to: normalize(join(dirname(file.path), match[1] ?? '')),
  })),
);

/** The parts that know a message's life; every other folder of server/ is a noun or a foundation. */
const foundations = ['db', 'http', 'probes', 'files', 'jobs', 'realtime', 'permissions', 'limits', 'credentials', 'embedded', 'demo'];
const compositionRoots = /^server\/[^/]+\.ts$/;

const partOf = (path: string) => path.split('/')[1] ?? '';
const isNoun = (path: string) =>
  path.startsWith('server/') &&
  !compositionRoots.test(path) &&
  !['message', 'channels', 'automation', ...foundations].includes(partOf(path));

function broken(rule: (edge: Import) => boolean): string[] {
  return imports.filter(rule).map((edge) => `${edge.from} -> ${edge.to}`);
}

test('the pages and the widget know the contract and nothing of the server', () => {
  expect(broken(({ from, to }) => /^(web|widget)\//.test(from) && !/^(web|widget|contract)\//.test(to))).toEqual([]);
});

test('the contract knows nobody', () => {
  expect(broken(({ from, to }) => from.startsWith('contract/') && !to.startsWith('contract/'))).toEqual([]);
});

test('nouns never import the line; the line imports nouns', () => {
  expect(broken(({ from, to }) => isNoun(from) && to.startsWith('server/message/') && !/\/(routes|jobs)\.ts$/.test(from))).toEqual([]);
});

test("a noun uses another's actions and access, never its queries", () => {
  expect(
    broken(
      ({ from, to }) =>
        /\/[a-z-]*queries\.ts$/.test(to) &&
        to.startsWith('server/') &&
        !compositionRoots.test(from) &&
        partOf(from) !== partOf(to) &&
        from.startsWith('server/'),
    ),
  ).toEqual([]);
});

test('routes hold no SQL and queries know no HTTP', () => {
  expect(broken(({ from, to }) => /queries\.ts$/.test(from) && (/routes\.ts$/.test(to) || to.startsWith('server/http/')))).toEqual([]);
  expect(files.filter((file) => /routes\.ts$/.test(file.path) && /\.query\(|\btext: `/.test(file.text)).map((file) => file.path)).toEqual(
    [],
  );
});

test('foundations do not know what stands on them', () => {
  expect(
    broken(({ from, to }) => /^server\/(db|files)\//.test(from) && to.startsWith('server/') && !/^server\/(db|files|[^/]+\.ts$)/.test(to)),
  ).toEqual([]);
});

test('only what the installation does itself crosses from one account into another within a transaction', () => {
  const crossing = files.filter((file) => file.text.includes('inAccount')).map((file) => file.path);
  expect(crossing.sort()).toEqual([
    'server/accounts/superadmin.ts',
    'server/audit/installation.ts',
    'server/db/pool.ts',
    'server/superadmin/create.ts',
  ]);
});

test('the environment is read in one place', () => {
  expect(
    files
      .filter((file) => file.path.startsWith('server/') && file.path !== 'server/config.ts' && file.text.includes('process.env'))
      .map((file) => file.path),
  ).toEqual([]);
});

test('no import goes round in a circle', () => {
  expect(findCircles()).toEqual([]);
});

/** Type-only imports vanish when compiled, so they close no circle. */
function findCircles(): string[] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      [...file.text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.[^']+)'/gm)].map((match) =>
        normalize(join(dirname(file.path), match[1] ?? '')),
      ),
    ]),
  );
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (trail.includes(path) || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return circles;
}
