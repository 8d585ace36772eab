import { randomBytes } from 'node:crypto';

/** Secrets and personal data that are planted everywhere, each recognisable in every spelling in which it could come out. */
export interface Planted {
  /** A value that holds a canary of its own: `plant('password')`, `plant('email', (canary) => `${canary}@x.example`)`. */
  plant(name: string, make?: (canary: string) => string): string;
  /** A secret that the server made. */
  note(name: string, secret: string): void;
  /** What of all that stands in a text: `password in the log`. */
  findIn(where: string, text: string): string[];
  readonly count: number;
}

export function createPlanted(): Planted {
  const canaries = new Map<string, { name: string; spellings: string[] }>();
  const remember = (name: string, canary: string) => canaries.set(canary, { name, spellings: spellingsOf(canary) });
  return {
    plant(name, make = (canary) => canary) {
      // Letters and digits only, so that it passes wherever its kind may.
      const canary = `canary${randomBytes(6).toString('hex')}`;
      remember(name, canary);
      return make(canary);
    },
    note(name, secret) {
      if (!secret || secret.length < 8) throw new Error(`${name} is too short to be looked for`);
      remember(name, secret);
    },
    findIn(where, text) {
      const lower = text.toLowerCase();
      return [...canaries.values()].flatMap(({ name, spellings }) =>
        spellings.some((spelling) => lower.includes(spelling)) ? [`${name} in ${where}`] : [],
      );
    },
    get count() {
      return canaries.size;
    },
  };
}

function spellingsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  // Base64 of something in which it stands depends on where: all three alignments, without the ends that neighbours colour.
  const inBase64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(Math.ceil((shift * 4) / 3) + 1, -4),
  );
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    ...inBase64,
    ...inBase64.map(urlSafe),
  ].map((one) => one.toLowerCase());
}

const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');
