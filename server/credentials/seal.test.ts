import { expect, it } from 'vitest';
import { createSealer } from './seal.ts';

const key = 'a master key that is long enough for tests';
const sealer = createSealer(key);

it('what was sealed opens for its purpose and for no other', () => {
  const sealed = sealer.sealJson({ token: 'hidden' }, 'inbox');
  expect(sealed.includes('hidden')).toBe(false);
  expect(createSealer(key).openJson(sealed, 'inbox')).toEqual({ token: 'hidden' });
  expect(() => sealer.open(sealed, 'key')).toThrow('unable to authenticate');
});

it('every changed byte is noticed', () => {
  const sealed = sealer.seal(Buffer.from('hidden'), 'inbox');
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => sealer.open(changed, 'inbox'), `byte ${at}`).toThrow(/authenticate|damaged|GUICHET_SECRET_KEY/);
  }
  expect(() => sealer.open(sealed.subarray(0, 20), 'inbox')).toThrow('damaged');
});

it('another master key is named as the reason', () => {
  const sealed = sealer.seal(Buffer.from('hidden'), 'inbox');
  expect(() => createSealer('another master key, also long enough').open(sealed, 'inbox')).toThrow('another GUICHET_SECRET_KEY');
});

it('the same secret looks different each time', () => {
  expect(sealer.seal(Buffer.from('x'), 'p').equals(sealer.seal(Buffer.from('x'), 'p'))).toBe(false);
});
