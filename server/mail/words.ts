import type { MailKind } from './enqueue.ts';
import { english } from './words-en.ts';
import { spanish } from './words-es.ts';
import { french } from './words-fr.ts';
import { portuguese } from './words-pt.ts';

/** What a mail can say beside its words. */
export interface Facts {
  /** The reader's name; empty for somebody whom we do not know yet. */
  name: string;
  link?: string;
  /** The account of an invitation, and who invites. */
  account?: string;
  inviter?: string | null;
  /** A new sign-in: the browser, and when, in the reader's words. */
  device?: string;
  when?: string;
  /** The address that replaced the old one, with most of it hidden. */
  address?: string;
}

export interface MailWords {
  subject: string;
  lines: string[];
  /** The words of the link, where there is one. */
  button?: string;
}

export type Words = Record<MailKind, (facts: Facts) => MailWords> & {
  hello: (name: string) => string;
  /** What stands between the words of a link and its address. */
  colon: string;
  /** Under each link. */
  ignore: string;
  signature: string;
};

const languages = { fr: french, en: english, es: spanish, pt: portuguese } satisfies Record<string, Words>;
export type Language = keyof typeof languages;

export const wordsOf = (language: Language): Words => languages[language];

/** The first of these that is a language of ours; French where none is. */
export function languageOf(...wanted: (string | null | undefined)[]): Language {
  const known = wanted.map((name) => name?.slice(0, 2).toLowerCase()).find((name) => name !== undefined && Object.hasOwn(languages, name));
  return (known ?? 'fr') as Language;
}
