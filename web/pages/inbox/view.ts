import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Inbox } from '../../../contract/inbox.ts';
import type { ConversationCounts } from '../../../contract/conversation.ts';
import { inboxesQuery, type ListFilter } from '../../queries.ts';
import type { IconName } from '../../ui/icons.ts';

export const standingViews = ['mine', 'unassigned', 'all', 'closed'] as const;
export type StandingView = (typeof standingViews)[number];
export const viewIcons: Record<StandingView, IconName> = { mine: 'user', unassigned: 'inbox', all: 'list', closed: 'check' };

/** What the address shows: one of the standing views, or one inbox. */
export interface View {
  slug: string;
  standing: StandingView;
  inbox: Inbox | undefined;
  filter: ListFilter;
}

const inboxPrefix = 'inbox-';
export const slugOfInbox = (inboxId: string) => `${inboxPrefix}${inboxId}`;

/** The view of the current address; an unknown one is `all`. */
export function useView(): View {
  const { view } = useParams({ strict: false });
  const inboxes = useQuery(inboxesQuery).data;
  if (view?.startsWith(inboxPrefix)) {
    const inboxId = view.slice(inboxPrefix.length);
    return { slug: view, standing: 'all', inbox: inboxes?.find((inbox) => inbox.id === inboxId), filter: { view: 'all', inboxId } };
  }
  const standing = standingViews.find((one) => one === view) ?? 'all';
  return { slug: standing, standing, inbox: undefined, filter: { view: standing } };
}

/** How many conversations a view holds; undefined until it is known. */
export function countOf(counts: ConversationCounts | undefined, view: View): number | undefined {
  if (!counts) return undefined;
  return view.filter.inboxId ? (counts.inboxes[view.filter.inboxId]?.open ?? 0) : counts.views[view.standing];
}
