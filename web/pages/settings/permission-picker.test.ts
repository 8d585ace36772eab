import { expect, it } from 'vitest';
import { grantablePermissions } from '../../../contract/permissions.ts';
import { toggled } from './permission-picker.tsx';

const all = new Set<string>(grantablePermissions);
const names = (chosen: Set<string>) => [...chosen].sort();

it('choosing to change something chooses to see it, where one can give that', () => {
  expect(names(toggled(new Set(), 'conversation.write', all))).toEqual(['conversation.read', 'conversation.write']);
  expect(names(toggled(new Set(), 'conversation.write', new Set(['conversation.write'])))).toEqual(['conversation.write']);
  expect(names(toggled(new Set(), 'ingest.write', all))).toEqual(['ingest.write']);
});

it('what is not seen is not changed either', () => {
  expect(names(toggled(new Set(['conversation.read', 'conversation.write', 'inbox.read']), 'conversation.read', all))).toEqual([
    'inbox.read',
  ]);
  expect(names(toggled(new Set(['conversation.read', 'conversation.write']), 'conversation.write', all))).toEqual(['conversation.read']);
});
