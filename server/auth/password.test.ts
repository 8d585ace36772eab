import { describe, expect, it } from 'vitest';
import type { ApiError } from '../http/errors.ts';
import { isCommonPassword, isMadeOf } from './common-passwords.ts';
import { commonPhrases, commonWords } from './common-words.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from './password.ts';

const ana = { email: 'ana.martin@etude-martin.fr', name: 'Ana Martín', accountName: 'Étude Martin & fils' };

describe('a password is refused when it', () => {
  it.each([
    ['is a word with digits', 'Sunshine2024!', 'motdepasse123', 'Bienvenue2026!!', 'contraseña12', 'senha123456', '123football'],
    ['is a word in disguise', 'P@ssw0rd2024', 'pa55w0rd!!', 'm0nk3y123456', 'ſunshine2024', 'ｐａｓｓｗｏｒｄ１２３', 'PASSWORD\u0301123'],
    ['is a known phrase', 'iloveyouforever', 'letmeinplease', 'thisismypassword', 'supermario64!'],
    [
      'is a walk on the keyboard',
      'qwertyuiop',
      'azerty123456',
      '1qaz2wsx3edc',
      'qwerty-azerty',
      '1q2w3e4r5t',
      'poiuytreza',
      'zxcvbnm,./123',
    ],
    ['is digits', '1234567890', '0612345678', '19850612198', '9876543210'],
    ['repeats itself', 'aaaaaaaaaaaa', 'abcabcabcabc', 'passwordpassword', 'xy12xy12xy12', '1111111111111111111'],
    ['is a first name and a year', 'Marie19850612', 'nicolas2024!', 'João123456'],
  ])('%s', (_why, ...passwords) => {
    expect(passwords.filter((password) => !isCommonPassword(password))).toEqual([]);
  });

  it('is made of the person, their address, their account or the product', () => {
    const made = [
      'AnaMartin2024',
      'ana.martin@etude-martin.fr',
      'martin-etude-1',
      'Étude Martin !',
      'guichet2026!!',
      'Gu1ch3t-2026',
      'ｇｕｉｃｈｅｔ12',
    ];
    expect(made.filter((password) => !isMadeOf(password, ana))).toEqual([]);
    expect(() => refuseWeakPassword('AnaMartin2024', ana)).toThrow('tried first');
  });
});

it('a phrase, a long text and what a generator makes are taken', () => {
  const good = [
    'correct horse battery',
    'a long enough phrase',
    'le chat dort sous la table',
    'k7Qw-9xLp-2mVz',
    'x9!'.padEnd(10, 'Fj4'),
    'Ana aime les tulipes',
    '日本語のながい合言葉です',
  ];
  expect(good.filter((password) => isCommonPassword(password) || isMadeOf(password, ana))).toEqual([]);
  for (const password of good) expect(() => refuseWeakPassword(password, ana)).not.toThrow();
});

it('with their usual endings the words and phrases stand for thousands', () => {
  const endings = ['1234567', '2024!', '!!!!!!!'];
  const all = [...commonWords].flatMap((word) => endings.map((ending) => word + ending)).filter((password) => password.length >= 10);
  expect(all.length).toBeGreaterThan(2_000);
  expect([...all, ...commonPhrases].filter((password) => !isCommonPassword(password))).toEqual([]);
});

it('256 hostile characters are looked at in a few milliseconds', () => {
  for (const text of [
    '1'.repeat(255) + 'x',
    'ab'.repeat(127) + 'cd',
    '!'.repeat(256),
    'qwe'.repeat(85),
    '\u0301'.repeat(256),
    'ﷺ'.repeat(256),
  ]) {
    const start = performance.now();
    isCommonPassword(text);
    isMadeOf(text, ana);
    expect(performance.now() - start).toBeLessThan(100);
  }
});

it('typed in another Unicode form it is the same, beyond 72 bytes it is not', async () => {
  const long = 'é'.repeat(100);
  const hash = await hashPassword(long);
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await verifyPassword(hash, long.normalize('NFD'))).toBe(true);
  expect(await verifyPassword(hash, `${long}e`)).toBe(false);
});

describe('passwords of many at once', () => {
  it('are compared caller by caller: a flood from one place is refused, and holds up nobody elsewhere', async () => {
    const done: string[] = [];
    const ask = async (caller: string) => {
      const outcome = await verifyPassword(undefined, 'a wrong password', caller).catch((error: ApiError) => error.code);
      done.push(outcome === false ? caller : String(outcome));
    };
    await verifyPassword(undefined, 'the first of all');
    const flood = Array.from({ length: 100 }, () => ask('flood'));
    const people = ['one', 'two', 'three'].map(ask);
    await Promise.all(people);
    expect(done.filter((who) => who === 'unavailable')).toHaveLength(58);
    expect(done.filter((who) => who === 'flood').length).toBeLessThan(12);
    await Promise.all(flood);
    expect(done).toHaveLength(103);
  });
});
