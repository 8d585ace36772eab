import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Inbox } from '../../../contract/inbox.ts';
import type { ConversationCounts } from '../../../contract/conversation.ts';
import type { Team } from '../../../contract/teams.ts';
import { inboxesQuery, type ListFilter, teamsQuery } from '../../queries.ts';
import type { IconName } from '../../ui/icons.ts';

export const standingViews = ['mine', 'unassigned', 'all', 'closed'] as const;
export type StandingView = (typeof standingViews)[number];
export const viewIcons: Record<StandingView, IconName> = { mine: 'user', unassigned: 'inbox', all: 'list', closed: 'check' };

/** What the address shows: one of the standing views, one inbox, or one team. */
export interface View {
  slug: string;
  standing: StandingView;
  inbox: Inbox | undefined;
  team: Team | undefined;
  filter: ListFilter;
}

const inboxPrefix = 'inbox-';
const teamPrefix = 'team-';
export const slugOfInbox = (inboxId: string) => `${inboxPrefix}${inboxId}`;
export const slugOfTeam = (teamId: string) => `${teamPrefix}${teamId}`;

/** The view of the current address; an unknown one is `all`. */
export function useView(): View {
  const { view } = useParams({ strict: false });
  const inboxes = useQuery(inboxesQuery).data;
  const teams = useQuery(teamsQuery).data;
  if (view?.startsWith(inboxPrefix)) {
    const inboxId = view.slice(inboxPrefix.length);
    const inbox = inboxes?.find(({ id }) => id === inboxId);
    return { slug: view, standing: 'all', inbox, team: undefined, filter: { view: 'all', inboxId } };
  }
  if (view?.startsWith(teamPrefix)) {
    const teamId = view.slice(teamPrefix.length);
    const team = teams?.find(({ id }) => id === teamId);
    return { slug: view, standing: 'all', inbox: undefined, team, filter: { view: 'all', teamId } };
  }
  const standing = standingViews.find((one) => one === view) ?? 'all';
  return { slug: standing, standing, inbox: undefined, team: undefined, filter: { view: standing } };
}

/** How many conversations a view holds; undefined until it is known. */
export function countOf(counts: ConversationCounts | undefined, view: View): number | undefined {
  if (!counts) return undefined;
  const { inboxId, teamId } = view.filter;
  if (inboxId) return counts.inboxes[inboxId]?.open ?? 0;
  return teamId ? (counts.teams[teamId]?.open ?? 0) : counts.views[view.standing];
}
