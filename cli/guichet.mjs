#!/usr/bin/env node
// The command line starts here; the commands themselves are compiled.
import { existsSync } from 'node:fs';

const compiled = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(compiled)) {
  console.error('Guichet is not built yet: run `npm start` once, or `npm run build`.');
  process.exit(1);
}
const { main } = await import(compiled.href);
process.exitCode = await main(process.argv.slice(2));
