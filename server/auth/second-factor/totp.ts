import { Secret, TOTP } from 'otpauth';

/** What every authenticator app takes. */
const settings = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Codes of the step before and after count too: clocks differ, and people type slowly. */
const window = 1;

/** 160 random bits, as RFC 4226 asks for. */
export function makeSecret(): Buffer {
  return Buffer.from(new Secret({ size: 20 }).bytes);
}

/** The secret in the two forms in which apps take it. */
export function describeSecret(secret: Buffer, email: string): { secret: string; uri: string } {
  const totp = new TOTP({ ...settings, issuer: 'Guichet', label: email, secret: secretOf(secret) });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The step, counted from 1970, to which a code belongs; undefined for a wrong code. Whether it was used is another question. */
export function findStep(secret: Buffer, code: string, atMs: number): number | undefined {
  // The library counts letters and compares bytes: digits of other alphabets would make it throw.
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = TOTP.validate({ ...settings, token: code, secret: secretOf(secret), window, timestamp: atMs });
  return delta === null ? undefined : Math.floor(atMs / 1000 / settings.period) + delta;
}

/** Its own bytes alone: a small Buffer shares its memory with others. */
function secretOf(secret: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(secret).buffer });
}
