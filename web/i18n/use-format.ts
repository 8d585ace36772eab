import { useLingui } from '@lingui/react';
import { useLook } from '../preferences.ts';
import { useMe } from '../session.ts';
import { createFormat, type Format } from './format.ts';
import { isLanguage } from './index.ts';

const made = new Map<string, Format>();

/** Dates and numbers in the member's language and zone; made once for each combination. */
export function useFormat(): Format {
  const { i18n } = useLingui();
  const zone = useMe()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { dateFormat, timeFormat } = useLook();
  const key = `${i18n.locale} ${zone} ${dateFormat} ${timeFormat}`;
  const known = made.get(key);
  if (known) return known;
  const format = createFormat(isLanguage(i18n.locale) ? i18n.locale : 'fr', zone, Date.now, { dateFormat, timeFormat });
  made.set(key, format);
  return format;
}
