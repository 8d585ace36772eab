import type { TestApp } from './app.ts';

export type Body = Record<string, unknown>;
export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  minLength?: number;
  minimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  oneOf?: Schema[];
  anyOf?: Schema[];
  pattern?: string;
  default?: unknown;
}

/** A place in a request that names something by its id. */
export interface PathId {
  name: string;
  /** The collection that the id is of: `members` for `/members/{id}` and for `{memberId}`. */
  kind: string;
}

/** One operation of the API, as its document describes it. */
export interface Operation {
  /** Method and path. */
  name: string;
  /** The operationId. */
  id: string;
  method: string;
  path: string;
  /** The permission, `public` or `session`. */
  access: string;
  body: Schema | undefined;
  /** Bodies that the document itself shows. */
  examples: Body[];
  pathIds: PathId[];
  /** Parameters of the query that name something by its id. */
  idQueries: string[];
  queries: string[];
  pathWith(id: (place: PathId) => string): string;
}

interface Parameter {
  name: string;
  in: string;
  schema: Schema;
}
interface Described {
  operationId: string;
  'x-permission': string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema; example?: Body; examples?: Record<string, { value: Body }> }> };
}

export async function readOperations(desk: Pick<TestApp, 'api'>): Promise<Operation[]> {
  const { json } = await desk.api('GET', '/openapi.json');
  const paths = json.paths as Record<string, Record<string, Described>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => describeOperation(path, method, described)),
  );
}

function describeOperation(path: string, method: string, described: Described): Operation {
  const content = described.requestBody?.content['application/json'];
  const parameters = described.parameters ?? [];
  const isId = (name: string) => parameters.find((one) => one.in === 'path' && one.name === name)?.schema.format === 'uuid';
  const pathIds = [...path.matchAll(/([^/]+)\/\{([^}]+)\}/g)]
    .map(([, collection = '', name = '']) => ({ name, kind: name === 'id' ? collection : `${name.replace(/Id$/, '')}s` }))
    .filter(({ name }) => isId(name));
  const queries = parameters.filter((one) => one.in === 'query');
  return {
    name: `${method.toUpperCase()} ${path}`,
    id: described.operationId,
    method: method.toUpperCase(),
    path,
    access: described['x-permission'],
    body: content?.schema,
    examples: [content?.example, ...Object.values(content?.examples ?? {}).map(({ value }) => value)].filter((one) => one !== undefined),
    pathIds,
    idQueries: queries.filter((one) => one.schema.format === 'uuid').map((one) => one.name),
    queries: queries.map((one) => one.name),
    pathWith: (id) =>
      path.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => id(pathIds.find((one) => one.name === name) ?? { name, kind: name })),
  };
}

/** A body that fits the schema: what is required, and every id that may be there. `id` is asked with the field's name. */
export function sampleBody(schema: Schema | undefined, id: (field: string) => string): Body | undefined {
  return schema ? (sample(schema, id, '') as Body) : undefined;
}

/** Whether an id may stand somewhere in a body of this shape. */
export const holdsIds = (schema: Schema | undefined): boolean => JSON.stringify(schema ?? {}).includes('"format":"uuid"');

function sample(schema: Schema, id: (field: string) => string, field: string): unknown {
  const choice = (schema.oneOf ?? schema.anyOf)?.find((one) => one.type !== 'null');
  if (choice) return sample(choice, id, field);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'uuid') return id(field);
  if (schema.format === 'date-time') return new Date(Date.now() + 86_400_000).toISOString();
  if (schema.format === 'email') return 'somebody@example.fr';
  const [type = 'string'] = [schema.type].flat();
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name, property]) => schema.required?.includes(name) || holdsIds(property))
          .map(([name, property]) => [name, sample(property, id, name)]),
      );
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 0, holdsIds(schema.items) ? 1 : 0) }, () =>
        sample(schema.items ?? {}, id, field),
      );
    case 'integer':
    case 'number':
      return Math.max(0, schema.minimum ?? 0);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return '1'.repeat(Math.max(1, schema.minLength ?? 1));
  }
}
