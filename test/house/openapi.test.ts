import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp({ GUICHET_PUBLIC_URL: 'http://localhost:3000' });
});
afterAll(() => desk.close());

interface Operation {
  operationId?: string;
  summary?: string;
  'x-permission'?: string;
}

test('contract/openapi.json is what the routes say (npm run openapi rewrites it)', async () => {
  const document: unknown = await (await fetch(`${desk.base}/api/v1/openapi.json`)).json();
  await expect(`${printed(document, 3)}\n`).toMatchFileSnapshot('../../contract/openapi.json');
});

test('every operation has a name of its own and says who may call it', async () => {
  const { paths } = (await (await fetch(`${desk.base}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  expect(operations.length).toBeGreaterThan(0);
  expect(
    operations.filter((operation) => !operation.operationId || !operation['x-permission']).map(({ method, path }) => `${method} ${path}`),
  ).toEqual([]);
  const names = operations.map((operation) => operation.operationId);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** One operation on a line: a change of one shows as one. */
function printed(value: unknown, depth: number, indent = ''): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([name, inner]) => `${indent}  ${JSON.stringify(name)}: ${printed(inner, depth - 1, `${indent}  `)}`,
  );
  return `{\n${entries.join(',\n')}\n${indent}}`;
}
