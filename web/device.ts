import type { Translate } from './i18n/use-t.ts';

// In this order: browsers name those they descend from, so that the youngest comes first.
const browsers: [RegExp, string][] = [
  [/\bEdgA?\/|EdgiOS\//, 'Edge'],
  [/\bOPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/HeadlessChrome\/|Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];
const hands = ['iPhone', 'iPad', 'Android'];

/** What a session runs on, in words: "Firefox on Windows", a program by its name, or that it is not known. */
export function nameDevice(userAgent: string, t: Translate): string {
  const browser = find(browsers, userAgent);
  const system = find(systems, userAgent);
  if (browser && system) return t('device.on', { browser, system });
  if (browser || system) return browser ?? system ?? '';
  const program = /^[\w.-]{1,40}/.exec(userAgent)?.[0];
  return program ? t('device.program', { name: program }) : t('device.unknown');
}

/** Whether it is held in a hand. */
export const isHandheld = (userAgent: string): boolean => hands.includes(find(systems, userAgent) ?? '');

function find(table: [RegExp, string][], userAgent: string): string | undefined {
  return table.find(([pattern]) => pattern.test(userAgent))?.[1];
}
