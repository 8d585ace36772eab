import { useLingui } from '@lingui/react';
import { useMe } from '../session.ts';
import { createFormat, type Format } from './format.ts';
import { isLanguage } from './index.ts';

const made = new Map<string, Format>();

/** Dates and numbers in the member's language and zone; made once for each pair. */
export function useFormat(): Format {
  const { i18n } = useLingui();
  const zone = useMe()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const key = `${i18n.locale} ${zone}`;
  const known = made.get(key);
  if (known) return known;
  const format = createFormat(isLanguage(i18n.locale) ? i18n.locale : 'fr', zone);
  made.set(key, format);
  return format;
}
