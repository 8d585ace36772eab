import { createHash } from 'node:crypto';
import { html, Markup } from '../public/html.ts';

interface Described {
  summary?: string;
  operationId?: string;
  tags?: string[];
  'x-permission'?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}

/** What the page reads of an OpenAPI document. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Described>>;
}

const style = `:root{color-scheme:light dark;--line:light-dark(#D0D6D3,#333C39);--soft:light-dark(#F1F3F2,#171C1A);--ink-2:light-dark(#444E4A,#B9C2BE);--accent:light-dark(#125A48,#6FCBAE)}
body{margin:0 auto;padding:32px 20px 80px;max-width:860px;font:14px/1.5 ui-sans-serif,system-ui,sans-serif;background:light-dark(#FFF,#0C0F0E);color:light-dark(#141A18,#EDF1EF)}
h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:36px 0 8px}p{margin:0 0 12px;color:var(--ink-2)}a{color:var(--accent)}
details{border-top:1px solid var(--line)}summary{cursor:pointer;padding:8px 0;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline}
code,pre,b{font-family:ui-monospace,monospace;font-size:12.5px}b{min-width:52px;color:var(--accent)}summary span{color:var(--ink-2)}
pre{background:var(--soft);border-radius:8px;padding:12px;overflow:auto;max-height:420px;margin:4px 0 14px}h3{font-size:13px;margin:8px 0 4px}ul{margin:0 0 12px;padding-left:20px}`;

/** The only style that the page's policy lets in. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The API to read: every operation by its tag, without a script. */
export function docsPage(document: ApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const { title, version, description = '' } = document.info;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} API</title><style>${new Markup(style)}</style></head><body>
<h1>${title} API ${version}</h1><p>${description}</p><p><a href="/api/v1/openapi.json">openapi.json</a></p>
${tags.map((tag) => html`<h2>${tag}</h2>${operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag).map(describe)}`)}
</body></html>`.text;
}

function describe({ path, method, operation }: { path: string; method: string; operation: Described }): Markup {
  const parameters = operation.parameters ?? [];
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status !== 'default');
  return html`<details id="${operation.operationId}"><summary><b>${method}</b><code>${path}</code><span>${operation.summary} · ${operation['x-permission']}</span></summary>
${parameters.length > 0 && html`<h3>Parameters</h3><ul>${parameters.map((one) => html`<li><code>${one.name}</code> in ${one.in}${one.required && ', required'}${one.description && `: ${one.description}`}</li>`)}</ul>`}
${body !== undefined && html`<h3>Body</h3><pre>${printed(body)}</pre>`}
${answers.map(([status, answer]) => html`<h3>${status}</h3>${printedAnswer(answer)}`)}</details>`;
}

function printedAnswer(answer: { content?: Record<string, { schema?: unknown }> }): Markup | undefined {
  const schema = Object.values(answer.content ?? {})[0]?.schema;
  return schema === undefined ? undefined : html`<pre>${printed(schema)}</pre>`;
}

/** Patterns of dates and ids are longer than everything else and tell a reader nothing. */
function printed(schema: unknown): string {
  return JSON.stringify(
    schema,
    (key, value: unknown) => (key === 'pattern' && typeof value === 'string' && value.length > 60 ? undefined : value),
    2,
  );
}
