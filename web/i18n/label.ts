import type { Translate } from './use-t.ts';

/** Whom a label names, as people read it: a visitor's key says only that it is a visitor, French numbers come in pairs, British ones in two parts. */
export function showLabel(label: string, t: Translate): string {
  const key = /^([0-9a-f]{4})[0-9a-f-]{20,}$/.exec(label);
  if (key) return t('person.visitor', { mark: key[1] });
  const french = /^\+33(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(label);
  if (french) return `+33\u00a0${french.slice(1).join('\u00a0')}`;
  return label.replace(/^\+44(\d{4})(\d{6})$/, '+44\u00a0$1\u00a0$2');
}
