import { readConfig } from '../server/config.ts';
import { findEmbeddedUrl } from '../server/db/embedded/supervisor.ts';
import { OperatorError } from '../server/operator-error.ts';
import type { Command } from './command.ts';

export const dbUrl: Command = {
  name: 'db url',
  summary: 'Prints how to reach the embedded database as its owner. It answers while `guichet serve` runs. The line holds a password.',
  options: {},
  async run() {
    const config = readConfig();
    const url = config.databaseUrl ?? findEmbeddedUrl(config.dataDir);
    if (url === undefined) throw new OperatorError(`There is no embedded database in ${config.dataDir} yet: start Guichet once.`);
    console.log(url);
    return 0;
  },
};
