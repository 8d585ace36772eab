import type { TestApp } from './app.ts';

export type Body = Record<string, unknown>;
interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  minLength?: number;
  minimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  oneOf?: Schema[];
  anyOf?: Schema[];
  pattern?: string;
}

/** One operation of the API, as its document describes it. */
export interface Operation {
  name: string;
  method: string;
  path: string;
  /** The permission, `public` or `session`. */
  access: string;
  body: Schema | undefined;
  /** Parameters of the query that name something by its id. */
  idQueries: string[];
  pathWith(id: () => string): string;
}

interface Described {
  'x-permission': string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export async function readOperations(desk: TestApp): Promise<Operation[]> {
  const { json } = await desk.api('GET', '/openapi.json');
  const paths = json.paths as Record<string, Record<string, Described>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      access: operation['x-permission'],
      body: operation.requestBody?.content['application/json']?.schema,
      idQueries: (operation.parameters ?? []).filter((one) => one.in === 'query' && one.schema.format === 'uuid').map((one) => one.name),
      pathWith: (id: () => string) => path.replaceAll(/\{[^}]+\}/g, id),
    })),
  );
}

/** A body that fits the schema: what is required, and every id that may be there. */
export function sampleBody(schema: Schema | undefined, id: () => string): Body | undefined {
  return schema ? (sample(schema, id) as Body) : undefined;
}

function sample(schema: Schema, id: () => string): unknown {
  const [choice] = schema.oneOf ?? schema.anyOf ?? [];
  if (choice) return sample(choice, id);
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'uuid') return id();
  if (schema.format === 'date-time') return new Date(Date.now() + 86_400_000).toISOString();
  if (schema.format === 'email') return 'somebody@example.fr';
  const [type = 'string'] = [schema.type].flat();
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name, property]) => schema.required?.includes(name) || property.format === 'uuid')
          .map(([name, property]) => [name, sample(property, id)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}, id));
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
