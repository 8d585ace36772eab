/** Languages of the pages that customers see. */
export const languages = ['fr', 'en', 'es', 'pt'] as const;
export type Language = (typeof languages)[number];

/** The language that the browser likes best among ours; French where it names none of them. */
export function languageOf(acceptLanguage: string | undefined, asked?: unknown): Language {
  const chosen = languages.find((language) => language === asked);
  if (chosen) return chosen;
  const wishes = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part, place) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((one) => one.trim()).find((one) => one.startsWith('q='));
      return { language: tag.split('-')[0] ?? '', quality: quality ? Number(quality.slice(2)) || 0 : 1, place };
    })
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality || left.place - right.place);
  for (const wish of wishes) {
    const match = languages.find((language) => language === wish.language);
    if (match) return match;
  }
  return wishes.length > 0 && !wishes.some(({ language }) => language === '*') ? 'en' : 'fr';
}
