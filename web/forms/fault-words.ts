import type { MessageId } from '../i18n/index.ts';
import type { Translate } from '../i18n/use-t.ts';

/** What the API says of a field, and the person's words for it. */
const words: Record<string, MessageId> = {
  'is a member already': 'fault.member',
  'is taken': 'fault.taken',
  'is over already': 'fault.past',
  'is not a permission that you hold': 'fault.notHeld',
  'is not a member': 'fault.notMember',
  'is in use with another password': 'fault.otherPassword',
  'is one that is tried first; take a longer phrase': 'reset.weak',
};

/** What is wrong with a field in the person's words, where there are some; else in the API's. */
export function explainFault(message: string, t: Translate): string {
  const id = words[message];
  return id ? t(id) : t('form.refused', { message });
}
