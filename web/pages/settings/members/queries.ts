import { queryOptions } from '@tanstack/react-query';
import type { Invitation } from '../../../../contract/invitations.ts';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';
import type { Page } from '../../../queries.ts';

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => call<Page<Invitation>>(`${paths.invitations}?limit=100`, { signal }),
  select: (page) => page.items,
});
