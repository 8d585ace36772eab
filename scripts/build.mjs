// Compiles what changed. Decided by content, not by times: a fresh clone, a copy and a checkout all have odd ones.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { root, run } from './run.mjs';

const parts = [
  {
    name: 'server',
    what: 'Compiling the server',
    sources: ['server', 'contract', 'cli', 'demo', 'bench', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    proof: 'dist/server/main.js',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  },
  {
    name: 'web',
    what: 'Building the pages',
    sources: ['web', 'contract', 'package-lock.json'],
    proof: 'dist/web/index.html',
    packs: 'dist/web',
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'error'],
  },
  {
    name: 'widget',
    what: 'Building the chat widget',
    sources: ['widget', 'contract', 'package-lock.json'],
    proof: 'dist/widget/widget.js',
    packs: 'dist/widget',
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'widget/vite.config.ts', '--logLevel', 'error'],
  },
];

/** Builds every part whose sources changed since its last build. */
export async function ensureBuilt() {
  await Promise.all(parts.filter((part) => existsSync(join(root, part.sources[0]))).map(build));
}

async function build(part) {
  const stamp = join(root, 'dist', `${part.name}.sources`);
  const hash = hashOf(part.sources);
  if (existsSync(join(root, part.proof)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await run(
    part.what,
    process.execPath,
    part.command.map((word, index) => (index === 0 ? join(root, word) : word)),
  );
  if (part.packs) compressFiles(join(root, part.packs));
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, hash);
  if (part.name === 'server') writeFileSync(join(root, 'dist', 'commit'), commitOf());
}

/** Compressed once here, so that serving costs nothing. */
function compressFiles(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|css|html|svg|json)$/.test(file))) {
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
  }
}

function hashOf(sources) {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const file of listFiles(source))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)))
        .update('\0');
  return hash.digest('hex');
}

function listFiles(path) {
  const full = join(root, path);
  const found = statSync(full, { throwIfNoEntry: false });
  if (!found) return [];
  if (found.isFile()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => (name === 'node_modules' ? [] : listFiles(`${path}/${name}`)));
}

function commitOf() {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // No git, or a tree that was unpacked from an archive.
    return '';
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await ensureBuilt();
