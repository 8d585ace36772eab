import { z } from 'zod';
import { language, timeZone } from './account.ts';

const themes = ['system', 'light', 'dark'] as const;
const dateFormats = ['language', 'day_month_year', 'month_day_year', 'year_month_day'] as const;
const timeFormats = ['language', '24_hours', '12_hours'] as const;
const weekdays = ['language', 'monday', 'saturday', 'sunday'] as const;

const signatureLengthMax = 2_000;
/** Lines of text: no control characters but the ends of lines, no NUL, no half characters. */
const signature = z
  .string()
  .max(signatureLengthMax)
  .refine((value) => value.isWellFormed() && !/(?!\n)[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(value), {
    error: 'must be lines of text without control characters',
  })
  .describe(`What stands under this member's messages; plain text, lines end with \\n, at most ${signatureLengthMax} characters`);

/** How a person wants to see the desk, the same in every account and on every device. */
export const preferences = z.object({
  theme: z.enum(themes).describe('`system`: as the device is set'),
  language: language.nullable().describe('null: the language of the account'),
  timeZone: timeZone.nullable().describe('null: the time zone of the account'),
  dateFormat: z.enum(dateFormats).describe('`language`: as the language writes dates'),
  timeFormat: z.enum(timeFormats).describe('`language`: as the language writes times'),
  firstDayOfWeek: z.enum(weekdays).describe('`language`: as usual where the language is spoken'),
  signature,
});
export type Preferences = z.infer<typeof preferences>;

export const preferencesChange = z.strictObject(preferences.shape).partial();
export type PreferencesChange = z.infer<typeof preferencesChange>;

export const defaultPreferences: Preferences = {
  theme: 'system',
  language: null,
  timeZone: null,
  dateFormat: 'language',
  timeFormat: 'language',
  firstDayOfWeek: 'language',
  signature: '',
};
