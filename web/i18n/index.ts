import { i18n, type Messages } from '@lingui/core';
import type en from './en.json';

export type MessageId = keyof typeof en;
export const languages = { fr: 'Français', en: 'English', es: 'Español', pt: 'Português' } as const;
export type Language = keyof typeof languages;

const loaders: Record<Language, () => Promise<{ default: unknown }>> = {
  fr: () => import('./fr.json'),
  en: () => import('./en.json'),
  es: () => import('./es.json'),
  pt: () => import('./pt.json'),
};

const storageKey = 'guichet.language';

/** The chosen language, else the browser's first that we speak, else French. */
export function firstLanguage(): Language {
  const asked = [readChoice(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return asked.find(isLanguage) ?? 'fr';
}

/** Switches every text on the screen and remembers the choice. */
export async function setLanguage(language: Language, remember = true): Promise<void> {
  const catalogue = await loaders[language]();
  i18n.loadAndActivate({ locale: language, messages: catalogue.default as Messages });
  document.documentElement.lang = language;
  if (!remember) return;
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage is closed to us: the choice holds until the page is left.
  }
}

export function hasChosenLanguage(): boolean {
  return isLanguage(readChoice());
}

export function isLanguage(value: string | null | undefined): value is Language {
  return value === 'fr' || value === 'en' || value === 'es' || value === 'pt';
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
