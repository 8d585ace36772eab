import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod/mini';
import type { apiKey } from '../../../../contract/auth.ts';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';
import type { Page } from '../../../queries.ts';

export type ApiKey = z.infer<typeof apiKey>;

export const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => call<Page<ApiKey>>(`${paths.apiKeys}?limit=100`, { signal }),
  select: (page) => page.items,
});

/** Both secrets, which are shown once. */
export interface ShownKey {
  id: string;
  key: string;
  signingSecret: string;
}
