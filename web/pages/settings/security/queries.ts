import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { session } from '../../../../contract/auth.ts';
import type { Security } from '../../../../contract/security.ts';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';
import { type Page, queryClient } from '../../../queries.ts';

export type Passkey = Security['passkeys'][number];
export type Identity = Security['identities'][number];
export type Session = z.infer<typeof session>;

export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => call<Security>(paths.security, { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => call<Page<Session>>(paths.sessions, { signal }),
  select: (page) => page.items,
  // What another device does is told by nobody: it is asked for each time the list is opened.
  staleTime: 0,
});

export const refreshSecurity = (): Promise<void> => queryClient.invalidateQueries(securityQuery);
export const refreshSessions = (): Promise<void> => queryClient.invalidateQueries(sessionsQuery);
