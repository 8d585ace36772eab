import { defaultPreferences, type Preferences, type PreferencesChange } from '../../contract/preferences.ts';
import type { Database } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { findPreferences, type PreferencesRow, updatePreferences } from './queries.ts';

/** How a person wants to see the desk. */
export async function getPreferences(database: Database, userId: string): Promise<Preferences> {
  return describe(await findPreferences(database, userId));
}

/** Changes what is given; the rest stays. */
export async function changePreferences(database: Database, userId: string, change: PreferencesChange): Promise<Preferences> {
  return describe(await updatePreferences(database, userId, change));
}

function describe(row: PreferencesRow | undefined): Preferences {
  if (!row) throw notFound('person');
  return { ...defaultPreferences, ...row.preferences, language: row.language, timeZone: row.timeZone };
}
