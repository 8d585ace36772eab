import { expect, it } from 'vitest';
import { isHandheld, nameDevice } from './device.ts';
import type { Translate } from './i18n/use-t.ts';

/** The words by their ids, so that the test reads the same in every language. */
const t: Translate = (id, values = {}) => [id, ...Object.values(values)].map(String).join(' ');

const edge =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const pixel = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';

it('a browser that names those it descends from is still called by its own name', () => {
  expect(nameDevice(edge, t)).toBe('device.on Edge Windows');
  expect(nameDevice(pixel, t)).toBe('device.on Chrome Android');
  expect(nameDevice(firefox, t)).toBe('device.on Firefox Linux');
});

it('a phone that says it is like a Mac is a phone', () => {
  expect(nameDevice(iphone, t)).toBe('device.on Safari iPhone');
  expect([iphone, pixel, edge].map(isHandheld)).toEqual([true, true, false]);
});

it('a program is called by its name, and what says nothing is unknown', () => {
  expect(nameDevice('curl/8.5.0', t)).toBe('device.program curl');
  expect(nameDevice('', t)).toBe('device.unknown');
});
