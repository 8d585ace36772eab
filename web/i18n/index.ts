import { i18n, type Messages } from '@lingui/core';
import type en from './en.json';

export type MessageId = keyof typeof en;
export const languages = { fr: 'Français', en: 'English', es: 'Español', pt: 'Português' } as const;
export type Language = keyof typeof languages;

type Part = 'core' | 'more';
const loaders: Record<Part, Record<Language, () => Promise<{ default: unknown }>>> = {
  core: {
    fr: () => import('./fr.json?core'),
    en: () => import('./en.json?core'),
    es: () => import('./es.json?core'),
    pt: () => import('./pt.json?core'),
  },
  more: {
    fr: () => import('./fr.json?more'),
    en: () => import('./en.json?more'),
    es: () => import('./es.json?more'),
    pt: () => import('./pt.json?more'),
  },
};
const parts = new Set<Part>(['core']);

export const languageKey = 'guichet.language';

/** The chosen language, else the browser's first that we speak, else French. */
export function firstLanguage(): Language {
  const asked = [readChoice(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return asked.find(isLanguage) ?? 'fr';
}

/** Switches every text on the screen and remembers the choice. */
export async function setLanguage(language: Language, remember = true): Promise<void> {
  await load(language, [...parts]);
  i18n.activate(language);
  document.documentElement.lang = language;
  if (!remember) return;
  try {
    localStorage.setItem(languageKey, language);
  } catch {
    // Storage is closed to us: the choice holds until the page is left.
  }
}

/** Fetches the words of what is not on the desk's first page, beside the code that says them. */
export async function withWords<Module>(code: Promise<Module>): Promise<Module> {
  parts.add('more');
  const language = isLanguage(i18n.locale) ? i18n.locale : firstLanguage();
  const [module] = await Promise.all([code, load(language, ['more'])]);
  return module;
}

async function load(language: Language, wanted: Part[]): Promise<void> {
  const catalogues = await Promise.all(wanted.map((part) => loaders[part][language]()));
  for (const { default: messages } of catalogues) i18n.load(language, messages as Messages);
}

export function hasChosenLanguage(): boolean {
  return isLanguage(readChoice());
}

export function isLanguage(value: string | null | undefined): value is Language {
  return value === 'fr' || value === 'en' || value === 'es' || value === 'pt';
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(languageKey);
  } catch {
    return null;
  }
}
