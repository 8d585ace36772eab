import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A phone number in E.164. National forms are read as French; what is no number (a sender's name) stays as it came. */
export function toE164(given: string): string {
  const trimmed = given.trim();
  const international = trimmed.startsWith('00') ? `+${trimmed.slice(2)}` : trimmed;
  const parsed = parsePhoneNumberFromString(international, 'FR');
  if (parsed?.isPossible()) return parsed.number;
  return /^\d{8,15}$/.test(trimmed) && !trimmed.startsWith('0') ? `+${trimmed}` : trimmed;
}

/** True when it can be called or written to. */
export function isPhone(given: string): boolean {
  return /^\+\d{6,15}$/.test(toE164(given));
}
