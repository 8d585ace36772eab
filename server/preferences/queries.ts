import type { Database } from '../db/pool.ts';
import type { Preferences, PreferencesChange } from '../../contract/preferences.ts';

/** Language and time zone have columns of their own: mails and dates of the server read them too. */
const columns = 'language, time_zone as "timeZone", preferences';

export interface PreferencesRow {
  language: Preferences['language'];
  timeZone: string | null;
  preferences: Partial<Preferences>;
}

export async function findPreferences(database: Database, userId: string): Promise<PreferencesRow | undefined> {
  const [row] = await database.query<PreferencesRow>({
    name: 'preferences_find',
    text: `select ${columns} from users where id = $1`,
    values: [userId],
  });
  return row;
}

/** Changes what is given and leaves the rest, in one statement: two tabs do not undo each other. */
export async function updatePreferences(
  database: Database,
  userId: string,
  { language, timeZone, ...rest }: PreferencesChange,
): Promise<PreferencesRow | undefined> {
  const [row] = await database.query<PreferencesRow>({
    name: 'preferences_update',
    text: `update users set language = case when $2 then $3 else language end, time_zone = case when $4 then $5 else time_zone end,
             preferences = preferences || $6::jsonb where id = $1 returning ${columns}`,
    values: [userId, language !== undefined, language ?? null, timeZone !== undefined, timeZone ?? null, JSON.stringify(rest)],
  });
  return row;
}
