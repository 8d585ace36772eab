import { afterEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../contract/conversation.ts';
import { belongs, findConversation, placed, putConversation, putMessages } from './cache.ts';
import { conversation, message } from '../test/support/conversations.ts';
import { inOrder, listQuery, type Pages, queryClient, threadQuery } from './queries.ts';

afterEach(() => queryClient.clear());

const pages = (...items: Conversation[][]): Pages<Conversation> => ({
  pages: items.map((page, index) => ({ items: page, nextCursor: index < items.length - 1 ? String(index) : 'more' })),
  pageParams: items.map((_, index) => (index ? String(index - 1) : null)),
});
const ids = (list: Pages<Conversation>) => list.pages.map((page) => page.items.map((item) => item.id));

describe('a list', () => {
  it('takes a conversation with news to its top, once', () => {
    const list = pages([conversation('a', 30), conversation('b', 20)], [conversation('c', 10)]);
    expect(ids(placed(list, conversation('c', 40), true))).toEqual([['c', 'a', 'b'], []]);
  });

  it('leaves what is older than its loaded part to the page it comes with', () => {
    expect(ids(placed(pages([conversation('a', 30)]), conversation('z', 1), true))).toEqual([['a']]);
  });

  it('lets go of what no longer belongs', () => {
    expect(ids(placed(pages([conversation('a', 30), conversation('b', 20)]), conversation('a', 30), false))).toEqual([['b']]);
  });

  it('holds closed conversations only in the view of the closed', () => {
    const closed = conversation('a', 1, { status: 'closed' });
    expect(belongs(closed, { view: 'all' })).toBe(false);
    expect(belongs(closed, { view: 'closed' })).toBe(true);
    expect(belongs(conversation('b', 1), { view: 'closed' })).toBe(false);
  });

  it('holds an assigned conversation no longer among the unassigned', () => {
    expect(belongs(conversation('a', 1), { view: 'unassigned' })).toBe(true);
    expect(belongs(conversation('a', 1, { assignee: { id: 'm', name: 'Mia' } }), { view: 'unassigned' })).toBe(false);
  });
});

describe('news that comes late', () => {
  it('does not undo what is known of a conversation', () => {
    const { queryKey } = listQuery({ view: 'all' });
    queryClient.setQueryData<Pages<Conversation>>(queryKey, pages([conversation('a', 30, { seq: 7, priority: 'high' })]));
    putConversation(conversation('a', 30, { seq: 6 }));
    expect(findConversation('a')?.priority).toBe('high');
  });

  it('does not take a tick back', () => {
    expect(inOrder([message('m', 1, { changeSeq: 5 }), message('m', 1, { changeSeq: 3 })]).map((one) => one.changeSeq)).toEqual([5]);
  });
});

describe('a thread', () => {
  it('keeps the order of seq, whatever the order of arrival', () => {
    queryClient.setQueryData(threadQuery('a').queryKey, { messages: [message('one', 1)], olderCursor: null });
    putMessages('a', [message('three', 3), message('two', 2), message('three', 3)]);
    expect(queryClient.getQueryData(threadQuery('a').queryKey)?.messages.map((one) => one.id)).toEqual(['one', 'two', 'three']);
  });

  it('does not take in what lies before its loaded part', () => {
    queryClient.setQueryData(threadQuery('a').queryKey, { messages: [message('ten', 10)], olderCursor: 'older' });
    putMessages('a', [message('two', 2, { changeSeq: 40 })]);
    expect(queryClient.getQueryData(threadQuery('a').queryKey)?.messages.map((one) => one.id)).toEqual(['ten']);
  });
});
