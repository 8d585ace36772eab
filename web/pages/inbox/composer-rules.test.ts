import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../contract/conversation.ts';
import type { Inbox } from '../../../contract/inbox.ts';
import { refusalOf, replyRoom } from './composer-rules.ts';

const now = Date.parse('2026-11-21T09:00:00.000Z');
const inbox = (capabilities: Partial<Inbox['capabilities']>, status: Inbox['status'] = 'active') =>
  ({
    status,
    capabilities: { canReply: true, textLengthMax: 4096, windowHours: null, statuses: [], replyTo: false, ...capabilities },
  }) as unknown as Inbox;
const until = (windowExpiresAt: string | null) => ({ windowExpiresAt }) as Conversation;

describe('a reply', () => {
  it('goes at any time where the channel has no window', () => expect(refusalOf(until(null), inbox({}), now)).toBeNull());
  it('goes while the window is open', () =>
    expect(refusalOf(until('2026-11-21T09:00:01.000Z'), inbox({ windowHours: 24 }), now)).toBeNull());
  it('is refused from the second the window shuts', () =>
    expect(refusalOf(until('2026-11-21T09:00:00.000Z'), inbox({ windowHours: 24 }), now)).toBe('window'));
  it('is refused where the window never opened', () => expect(refusalOf(until(null), inbox({ windowHours: 24 }), now)).toBe('window'));
  it('is refused where there is no way back', () => expect(refusalOf(until(null), inbox({ canReply: false }), now)).toBe('noReply'));
  it('is refused while the inbox is paused', () => expect(refusalOf(until(null), inbox({}, 'paused'), now)).toBe('paused'));
  it('has the room its channel gives', () => expect(replyRoom(inbox({ textLengthMax: 1600 }))).toBe(1600));
});
