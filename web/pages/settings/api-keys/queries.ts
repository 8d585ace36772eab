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

/** A limit as it is typed: empty, or a whole number. Anything else would be sent as null, which takes the limit away. */
export const wholeNumber = /^\s*([1-9]\d*)?\s*$/;

/** What was typed as a number; nothing is no limit. */
export function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
