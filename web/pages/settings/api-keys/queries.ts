import { queryOptions } from '@tanstack/react-query';
import type { ApiKey } from '../../../../contract/api-key.ts';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';
import type { Page } from '../../../queries.ts';

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

/** What was typed as a number; what is none is sent as it is, for the server to refuse with its field. */
export function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
