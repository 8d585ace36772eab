import { infiniteQueryOptions } from '@tanstack/react-query';
import type { AuditEntryView } from '../../../../contract/audit.ts';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';
import type { Page } from '../../../queries.ts';

/** What the log is narrowed by; empty means everything. */
export interface AuditFilter {
  q: string;
  actorId: string;
  /** A noun: all that happened to things of its kind. */
  action: string;
  /** ISO time; entries before it are left out. */
  from: string;
}

export const auditLogQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => call<Page<AuditEntryView>>(paths.audit({ ...filter, limit: 50, cursor: pageParam }), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: 0,
  });
