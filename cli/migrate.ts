import { readConfig } from '../server/config.ts';
import { knownSchema } from '../server/db/migrate.ts';
import { openInstallation } from '../server/installation.ts';
import type { Command } from './command.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Brings the database up to date and makes the roles that serve able to log in.',
  options: { json: { description: 'Answer in JSON.' } },
  async run(given) {
    const lines: string[] = [];
    const installation = await openInstallation(readConfig(), {
      embedded: 'join',
      onProgress: (line) => (given.json ? lines.push(line) : console.log(line)),
    });
    await installation.close();
    console.log(given.json ? JSON.stringify({ schema: knownSchema(), progress: lines }) : `The database is at schema ${knownSchema()}.`);
    return 0;
  },
};
