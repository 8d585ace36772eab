import { readConfig } from '../server/config.ts';
import { changeMaster } from '../server/credentials/change-master.ts';
import { createMasters } from '../server/credentials/masters.ts';
import { sealedColumns } from '../server/sealed-columns.ts';
import { type Command, Misuse } from './command.ts';
import { withDatabase } from './database.ts';

export const secretsRotateMaster: Command = {
  name: 'secrets rotate-master',
  summary: [
    'Takes the secrets over from the master key in GUICHET_SECRET_KEY_PREVIOUS to the one in GUICHET_SECRET_KEY. Ends all sessions',
    'and all links that were sent. Can be called again when it was stopped. Ends with 1 when a value does not open, and names it.',
  ].join('\n'),
  options: { json: { description: 'Answer in JSON.' } },
  async run(given) {
    const { secretKey, previousSecretKey } = readConfig();
    if (previousSecretKey === undefined || previousSecretKey === secretKey)
      throw new Misuse('GUICHET_SECRET_KEY_PREVIOUS must hold the master key before the one in GUICHET_SECRET_KEY');
    const masters = createMasters(secretKey, previousSecretKey);
    const changed = await withDatabase((database, actor) => changeMaster({ database, masters, columns: sealedColumns, actor }));
    const isOk = changed.unreadable.length === 0;
    if (given.json) console.log(JSON.stringify({ status: isOk ? 'ok' : 'failed', ...changed }));
    else {
      console.log(
        `${changed.rewrapped} data keys and ${changed.resealed} secrets hang on the new master key, ${changed.chains} audit chains are marked with it.`,
      );
      console.log(
        `${changed.sessionsEnded} sessions ended. Take GUICHET_SECRET_KEY_PREVIOUS away once every process runs with the new key.`,
      );
      for (const value of changed.unreadable) console.log(`DOES NOT OPEN  ${value}`);
    }
    return isOk ? 0 : 1;
  },
};
