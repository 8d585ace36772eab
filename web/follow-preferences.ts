import { CancelledError } from '@tanstack/react-query';
import type { Preferences, PreferencesChange } from '../contract/preferences.ts';
import { call } from './api.ts';
import { setLanguage } from './i18n/index.ts';
import { paths } from './paths.ts';
import { changeLook } from './preferences.ts';
import { Problem } from './problem.ts';
import { preferencesQuery, queryClient } from './queries.ts';

/** Takes over how the person wants the desk, as they chose it on whichever device. */
export async function followPreferences(): Promise<void> {
  try {
    await show(await queryClient.fetchQuery(preferencesQuery));
  } catch (error) {
    // Not known now, or given up since somebody else signs in: what this browser kept from the last time stands.
    if (!(error instanceof Problem) && !(error instanceof CancelledError)) throw error;
  }
}

/** Keeps what the person chose, for all their devices; shown at once. */
export async function changePreferences(change: PreferencesChange): Promise<Preferences> {
  const changed = await call<Preferences>(paths.preferences, { method: 'PATCH', body: change });
  queryClient.setQueryData(preferencesQuery.queryKey, changed);
  await show(changed);
  return changed;
}

/** A choice of the profile menu: it counts here at once, and elsewhere as soon as the server has it. */
export async function chooseLook(change: Pick<PreferencesChange, 'theme' | 'language'>): Promise<void> {
  if (change.theme) changeLook({ theme: change.theme });
  if (change.language) await setLanguage(change.language);
  try {
    await changePreferences(change);
  } catch (error) {
    // Without the server the choice stands in this browser.
    if (!(error instanceof Problem)) throw error;
  }
}

async function show({ theme, dateFormat, timeFormat, language }: Preferences): Promise<void> {
  changeLook({ theme, dateFormat, timeFormat });
  if (language) await setLanguage(language);
}
