import { useLingui } from '@lingui/react';
import { useCallback } from 'react';
import type { MessageId } from './index.ts';

export type Translate = (id: MessageId, values?: Record<string, unknown>) => string;

/** The text of an id in the language on screen. */
export function useT(): Translate {
  const { i18n } = useLingui();
  // i18n.locale is what makes the function new when the language changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useCallback((id, values) => i18n._(id, values), [i18n, i18n.locale]);
}
