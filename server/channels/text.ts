/** Text that PostgreSQL can keep: NUL and halves of surrogate pairs become U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

/** A JSON object of a stranger: own properties only, never an array or null. */
export type Loose = Record<string, unknown>;

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The property when it is an object, else an empty one. */
export function objectAt(value: Loose, name: string): Loose {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return isLoose(found) ? found : {};
}

/** The property when it is text that says something, ready to be stored; else null. */
export function textAt(value: Loose, name: string): string | null {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof found === 'string' && found.trim() !== '' ? storable(found) : null;
}

/** The elements that are objects; nothing when the property is no list. */
export function objectsAt(value: Loose, name: string): Loose[] {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return Array.isArray(found) ? found.filter(isLoose) : [];
}
