import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findConversation, putConversation } from './cache.ts';
import { hearConversation, hearMessage } from './hear.ts';
import { queryClient, threadQuery } from './queries.ts';
import { conversation, message } from '../test/support/conversations.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  queryClient.clear();
  vi.useRealTimers();
});

const said = (seq: number, direction: 'in' | 'out' = 'in') => message(`m${seq}`, seq, { direction });

describe('unread', () => {
  it('grows by one when a conversation out of sight has a new inbound message', () => {
    putConversation(conversation('a', 1, { seq: 1, lastMessage: said(1) }), 0);
    hearConversation(conversation('a', 2, { seq: 2, lastMessage: said(2) }), 2);
    expect(findConversation('a')?.unreadCount).toBe(1);
  });

  it('does not grow when the same word is said twice', () => {
    putConversation(conversation('a', 1, { seq: 1, lastMessage: said(1) }), 0);
    for (const seq of [2, 2]) hearConversation(conversation('a', 2, { seq, lastMessage: said(2) }), seq);
    expect(findConversation('a')?.unreadCount).toBe(1);
  });

  it('counts a message once that the open thread and its conversation both tell of', () => {
    putConversation(conversation('a', 1, { seq: 1, lastMessage: said(1) }), 0);
    hearMessage('a', 2, said(2), true);
    hearConversation(conversation('a', 2, { seq: 2, lastMessage: said(2) }), 2);
    expect(findConversation('a')?.unreadCount).toBe(1);
  });

  it('stays as it is when the team answers', () => {
    putConversation(conversation('a', 1, { seq: 1, lastMessage: said(1) }), 3);
    hearConversation(conversation('a', 2, { seq: 2, lastMessage: said(2, 'out') }), 2);
    expect(findConversation('a')?.unreadCount).toBe(3);
  });
});

it('puts a message that is told of into the loaded thread, once', () => {
  queryClient.setQueryData(threadQuery('a').queryKey, { messages: [said(1)], olderCursor: null });
  hearMessage('a', 2, said(2), true);
  hearMessage('a', 2, said(2), true);
  expect(queryClient.getQueryData(threadQuery('a').queryKey)?.messages.map((one) => one.id)).toEqual(['m1', 'm2']);
});
