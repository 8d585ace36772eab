import { expect, it } from 'vitest';
import { partyOf } from './party.ts';

it.each([
  ['https://desk.example', 'desk.example', { id: 'desk.example', origins: ['https://desk.example'] }],
  ['https://desk.example:8443', 'desk.example:8443', { id: 'desk.example', origins: ['https://desk.example:8443'] }],
  ['https://desk.example', 'localhost:3000', { id: 'desk.example', origins: ['https://desk.example'] }],
  ['https://desk.example', 'evil.example', { id: 'desk.example', origins: ['https://desk.example'] }],
  ['http://localhost:3000', 'localhost:3000', { id: 'localhost', origins: ['http://localhost:3000', 'http://localhost:3000'] }],
  ['http://localhost:3000', 'localhost:8080', { id: 'localhost', origins: ['http://localhost:3000', 'http://localhost:8080'] }],
  ['http://127.0.0.1:3000', '127.0.0.1:3000', { id: 'localhost', origins: ['http://localhost:3000'] }],
  ['http://[::1]:3000', undefined, { id: 'localhost', origins: ['http://localhost:3000'] }],
  ['http://localhost:3000', 'localhost:3000.evil.example', { id: 'localhost', origins: ['http://localhost:3000'] }],
  ['http://localhost:3000', 'evil.example', { id: 'localhost', origins: ['http://localhost:3000'] }],
])('passkeys of %s asked for at %s belong to its name', (publicUrl, host, party) => {
  expect(partyOf({ publicUrl }, host)).toEqual(party);
});
