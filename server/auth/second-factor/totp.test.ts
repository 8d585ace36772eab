import { HOTP, Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { describeSecret, findStep, makeSecret } from './totp.ts';

const stepMs = 30_000;

describe('a code of an authenticator app', () => {
  /** RFC 6238, appendix B, SHA-1; the last six of its eight digits. */
  const secret = Buffer.from('12345678901234567890');
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %d is the one of RFC 6238', (seconds, code) => {
    expect(findStep(secret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it('counts in its step, the one before and the one after, to the millisecond', () => {
    const step = 58_000_000;
    const code = HOTP.generate({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }), counter: step });
    const from = (step - 1) * stepMs;
    const until = (step + 2) * stepMs;
    expect([from - 1, from, step * stepMs, until - 1, until].map((at) => findStep(secret, code, at))).toEqual([
      undefined,
      step,
      step,
      step,
      undefined,
    ]);
  });

  it('has six digits and nothing else', () => {
    for (const code of ['', '28708', '2870822', 'abcdef', '２８７０８２', '28708２', '-87082'])
      expect(findStep(secret, code, 59_000)).toBeUndefined();
  });

  it('comes from 160 bits that no other app has, told in two forms', () => {
    const [one, other] = [makeSecret(), makeSecret()];
    expect([one.length, other.length, one.equals(other)]).toEqual([20, 20, false]);
    const told = describeSecret(one, 'ana+desk@one.test');
    expect(told.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(Buffer.from(Secret.fromBase32(told.secret).bytes)).toEqual(one);
    expect(told.uri).toBe(
      `otpauth://totp/Guichet:ana%2Bdesk%40one.test?issuer=Guichet&secret=${told.secret}&algorithm=SHA1&digits=6&period=30`,
    );
  });
});

describe('recovery codes', () => {
  it('are ten, of 80 bits each, and all different', () => {
    const codes = Array.from({ length: 50 }, makeRecoveryCodes).flat();
    expect(codes.filter((code) => !/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/.test(code))).toEqual([]);
    expect(new Set(codes).size).toBe(500);
    expect(makeRecoveryCodes()).toHaveLength(10);
  });

  it('are the same however they are copied from paper, and another for another person', () => {
    const hash = (code: string, user = 'ana') => hashRecoveryCode(user, code).toString('hex');
    expect(
      new Set(['0abc-1def-ghjk-mnpq', 'OABC IDEF GHJK MNPQ', 'oabcldefghjkmnpq', ' 0ABC-1DEF-GHJK-MNPQ '].map((code) => hash(code))).size,
    ).toBe(1);
    expect(hash('0abc-1def-ghjk-mnpq', 'bob')).not.toBe(hash('0abc-1def-ghjk-mnpq'));
  });
});
