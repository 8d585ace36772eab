import type { Preferences } from '../../contract/preferences.ts';
import type { Language } from './index.ts';

const dayMs = 86_400_000;
const space = '\u00a0';

export interface Format {
  /** 9 h 38, yesterday, Wed, 12 Nov, 12/11/2025: whatever is shortest and clear. */
  short: (at: string) => string;
  clock: (at: string) => string;
  exact: (at: string) => string;
  /** The heading of a day in a thread. */
  day: (at: string) => string;
  /** Two times share a key when they fall on one day where the member is. */
  dayKey: (at: string) => string;
  isToday: (at: string) => boolean;
  /** 1 h 47 */
  span: (ms: number) => string;
  number: (value: number) => string;
}

/** Languages that write numeric dates in an order that can be asked for. */
const numericLocales: Partial<Record<Preferences['dateFormat'], string>> = {
  day_month_year: 'fr',
  month_day_year: 'en-US',
  year_month_day: 'en-CA',
};

type Words = { today: string; yesterday: string };
const words: Record<Language, Words> = {
  fr: { today: 'aujourd’hui', yesterday: 'hier' },
  en: { today: 'today', yesterday: 'yesterday' },
  es: { today: 'hoy', yesterday: 'ayer' },
  pt: { today: 'hoje', yesterday: 'ontem' },
};

/** What a member wants otherwise than their language has it. */
export type Wishes = Pick<Preferences, 'dateFormat' | 'timeFormat'>;
const asLanguage: Wishes = { dateFormat: 'language', timeFormat: 'language' };

/** Dates and numbers as a member reads them: their language, their zone, their wishes. `now` is asked at each call. */
export function createFormat(language: Language, timeZone: string, now: () => number = Date.now, wishes: Wishes = asLanguage): Format {
  const locale = language === 'en' ? 'en-GB' : language;
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const parts = make({ hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  const key = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const weekday = make({ weekday: 'short' });
  const longDay = make({ weekday: 'long', day: 'numeric', month: 'long' });
  const longDayYear = make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const dayMonth = make({ day: 'numeric', month: 'short' });
  const full = new Intl.DateTimeFormat(numericLocales[wishes.dateFormat] ?? locale, {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  });
  const isTwelve = wishes.timeFormat === '12_hours';
  const twelve = make({ hour: 'numeric', minute: '2-digit', hour12: true });
  const exact = make({ dateStyle: 'full', timeStyle: 'medium', ...(isTwelve ? { hour12: true } : {}) });
  const numbers = new Intl.NumberFormat(locale);
  const dayKey = (at: string) => key.format(new Date(at));
  const todayKey = () => key.format(now());
  const clock = (at: string) => {
    if (isTwelve) return twelve.format(new Date(at)).replaceAll(' ', space);
    const found = Object.fromEntries(parts.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
    if (language === 'fr') return `${Number(found['hour'])}${space}h${space}${found['minute']}`;
    return `${String(found['hour']).padStart(2, '0')}:${found['minute']}`;
  };
  // Whole days between two dates of the calendar: hours would be wrong by one when the clocks change.
  const daysAgo = (at: string) => Math.round((Date.parse(todayKey()) - Date.parse(dayKey(at))) / dayMs);
  const isThisYear = (at: string) => dayKey(at).slice(0, 4) === todayKey().slice(0, 4);
  return {
    clock,
    dayKey,
    isToday: (at) => daysAgo(at) === 0,
    exact: (at) => exact.format(new Date(at)),
    short: (at) => {
      const age = daysAgo(at);
      if (age === 0) return clock(at);
      if (age === 1) return words[language].yesterday;
      if (age > 1 && age < 7) return weekday.format(new Date(at));
      return (isThisYear(at) ? dayMonth : full).format(new Date(at));
    },
    day: (at) => {
      const age = daysAgo(at);
      if (age === 0) return words[language].today;
      if (age === 1) return words[language].yesterday;
      return (isThisYear(at) ? longDay : longDayYear).format(new Date(at));
    },
    span: (ms) => {
      const minutes = Math.max(0, Math.floor(ms / 60_000));
      if (minutes < 60) return `${minutes}\u00a0min`;
      return `${Math.floor(minutes / 60)}${space}h${space}${String(minutes % 60).padStart(2, '0')}`;
    },
    number: (value) => numbers.format(value),
  };
}
