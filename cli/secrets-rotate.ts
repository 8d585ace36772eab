import { readConfig } from '../server/config.ts';
import { createMasters } from '../server/credentials/masters.ts';
import { rotateDataKey } from '../server/credentials/rotate.ts';
import { sealedColumns } from '../server/sealed-columns.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const secretsRotate: Command = {
  name: 'secrets rotate',
  summary: [
    'Seals every secret in the database under a new data key, also while the server runs. When it is stopped half way, the next',
    'call goes on where it ended. Ends with 1 when a value does not open, and names it.',
  ].join('\n'),
  options: { json: { description: 'Answer in JSON.' } },
  async run(given) {
    const { secretKey, previousSecretKey } = readConfig();
    const masters = createMasters(secretKey, previousSecretKey);
    const rotated = await withDatabase((database, actor) => rotateDataKey({ database, masters, columns: sealedColumns, actor }));
    if (given.json) console.log(JSON.stringify({ status: rotated.unreadable.length === 0 ? 'ok' : 'failed', ...rotated }));
    else {
      console.log(`${rotated.isResumed ? 'Went on with' : 'Made'} data key ${rotated.keyId}; ${rotated.resealed} secrets are sealed anew.`);
      for (const value of rotated.unreadable) console.log(`DOES NOT OPEN  ${value}`);
    }
    return rotated.unreadable.length === 0 ? 0 : 1;
  },
};
