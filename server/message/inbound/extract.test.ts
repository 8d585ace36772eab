import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';
import { languageOf } from './language.ts';

describe('language', () => {
  it.each([
    ['Bonjour, où en est ma commande ?', 'fr'],
    ['Je voudrais un rdv', 'fr'],
    ['Hi, where is my order?', 'en'],
    ['I need help with my lease please', 'en'],
    ['Hola, ¿dónde está mi pedido?', 'es'],
    ['Buenos días, quisiera cambiar la hora', 'es'],
    ['Olá, onde está o meu pedido?', 'pt'],
    ['Não recebi a fatura, pode enviar?', 'pt'],
  ])('of «%s» is %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });

  it.each(['ok', '👍', '', '12345', 'Ana'])('of «%s» is unknown', (text) => {
    expect(languageOf(text)).toBeNull();
  });
});

describe('extraction', () => {
  it('finds urgency in whole words, accents ignored, and says which', () => {
    expect(extract('C’est URGENT, répondez immédiatement')).toMatchObject({ priority: 'high', priorityWords: ['urgent', 'immediatement'] });
    expect(extract('insurgents').priority).toBe('normal');
  });

  it('puts automatic answers low, whatever else they say', () => {
    expect(extract('Réponse automatique : absence du bureau. En cas d’urgence appelez le standard.').priority).toBe('low');
  });

  it('finds references as they are written', () => {
    expect(extract('Dossier n° 2026-0417 et facture F-2231, merci').references).toEqual(['2026-0417', 'F-2231']);
  });

  it('reads 50 kB of hostile text in under 200 ms', () => {
    const started = performance.now();
    extract('dossier n° '.repeat(5_000));
    extract('a'.repeat(50_000));
    extract('é́'.repeat(25_000));
    expect(performance.now() - started).toBeLessThan(200);
  });
});
