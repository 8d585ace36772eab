import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { InstalledAccount } from '../../../../contract/account.ts';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';
import type { Page } from '../../../queries.ts';

export const installedAccountsQuery = (filter: { q: string; status: string }) =>
  infiniteQueryOptions({
    queryKey: ['installed-accounts', filter],
    queryFn: ({ pageParam, signal }) =>
      call<Page<InstalledAccount>>(paths.installedAccounts({ ...filter, limit: 50, cursor: pageParam }), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

export const installedAccountQuery = (id: string) =>
  queryOptions({
    queryKey: ['installed-account', id],
    queryFn: ({ signal }) => call<InstalledAccount>(paths.installedAccount(id), { signal }),
  });
