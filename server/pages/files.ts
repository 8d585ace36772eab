import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A built file with its compressed forms, all in memory: the whole site is about a megabyte. */
export interface PageFile {
  type: string;
  etag: string;
  /** Bytes by content coding; `identity` is always there. */
  bodies: Map<string, Buffer>;
  /** Its name holds a hash of its content, so it never changes. */
  isImmutable: boolean;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};
/** The best comes last. */
const codings: [string, string][] = [
  ['gzip', '.gz'],
  ['br', '.br'],
];

/** Reads what the build left in a folder, by path. Empty when it was not built. */
export function readPageFiles(folder: string): Map<string, PageFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => types[extname(name)] !== undefined);
  return new Map(names.map((name) => [`/${name.replaceAll('\\', '/')}`, readPageFile(join(folder, name), name)]));
}

function readPageFile(path: string, name: string): PageFile {
  const body = readFileSync(path);
  const bodies = new Map([['identity', body]]);
  for (const [coding, extension] of codings) if (existsSync(path + extension)) bodies.set(coding, readFileSync(path + extension));
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    bodies,
    isImmutable: /^assets[/\\].+-[\w-]{8}\.\w+$/.test(name),
  };
}
