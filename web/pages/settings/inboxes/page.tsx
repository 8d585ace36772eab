import type { SectionProps } from '../sections.ts';
import { InboxDetail } from './inbox-detail.tsx';
import { InboxOverview } from './inbox-overview.tsx';
import { NewInboxForm } from './new-inbox-form.tsx';

/** The inboxes of the account: what is open, and opening another. */
export default function InboxesPage({ item }: SectionProps) {
  if (item === 'new') return <NewInboxForm />;
  return item ? <InboxDetail key={item} inboxId={item} /> : <InboxOverview />;
}
