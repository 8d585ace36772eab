import { removeDemos } from '../demo/remove.ts';
import { readConfig } from '../server/config.ts';
import { createFileStore } from '../server/files/store.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const demoRemove: Command = {
  name: 'demo remove',
  summary: 'Removes the demo desk with its people, conversations and files, also while the server runs. It does not come back by itself.',
  options: { json: { description: 'Answer in JSON.' } },
  async run(given) {
    const files = createFileStore(readConfig().filesDir);
    const removed = await withDatabase((database, operator) => removeDemos(database, files, operator));
    if (given.json) console.log(JSON.stringify({ removed }));
    else if (removed.length === 0) console.log('There is no demo here.');
    for (const { conversations, messages, users, files: count } of given.json ? [] : removed)
      console.log(`The demo is gone: ${conversations} conversations, ${messages} messages, ${users} people, ${count} files.`);
    return 0;
  },
};
