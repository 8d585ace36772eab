import { type Language, languageOf } from './language.ts';

export interface Extraction {
  language: Language | null;
  priority: 'low' | 'normal' | 'high';
  /** The words that decided the priority. */
  priorityWords: string[];
  /** Case and order numbers, as written. */
  references: string[];
}

const high = [
  'urgent',
  'urgence',
  'urgente',
  'urgently',
  'urgencia',
  'asap',
  'immediatement',
  'immediately',
  'inmediatamente',
  'imediatamente',
  'au plus vite',
  'des que possible',
  'mise en demeure',
  'huissier',
  'tribunal',
  'plainte',
  'complaint',
  'reclamation',
  'emergency',
  'emergencia',
  'en panne',
  'piratage',
  'fraude',
  'fraud',
  'rembourser',
  'remboursement',
  'refund',
  'scandaleux',
  'inadmissible',
  'unacceptable',
  'last day',
  'dernier jour',
];
const low = [
  'newsletter',
  'se desabonner',
  'unsubscribe',
  'desinscription',
  'absence du bureau',
  'out of office',
  'reponse automatique',
  'automatic reply',
  'auto-reply',
];

const highPattern = phrases(high);
const lowPattern = phrases(low);
const referencePattern =
  /\b(?:dossier|commande|facture|devis|r[ée]f(?:[ée]rence)?|rg|order|invoice|case|ticket|pedido|factura|fatura|expediente)\s{0,8}(?:n\s?[°ºo]\.?|no\.?|number|#|:)?\s{0,8}([A-Z]{0,6}[-/]?\d[\dA-Z]*(?:[-/.]\d[\dA-Z]*)*)/giu;
const charactersRead = 20_000;

/** What a text tells by itself. Whole words, accents and case ignored; bounded in time by the length it reads. */
export function extract(text: string): Extraction {
  const read = text.slice(0, charactersRead);
  const plain = read.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const lowWords = unique(plain.match(lowPattern));
  const highWords = unique(plain.match(highPattern));
  const priority = lowWords.length > 0 ? 'low' : highWords.length > 0 ? 'high' : 'normal';
  return {
    language: languageOf(read),
    priority,
    priorityWords: priority === 'low' ? lowWords : highWords,
    references: unique([...read.matchAll(referencePattern)].map((match) => match[1] ?? '')).slice(0, 10),
  };
}

function phrases(list: string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${list.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
}

function unique(values: string[] | null): string[] {
  return [...new Set(values ?? [])].filter((value) => value !== '');
}
