import type { SectionProps } from '../sections.ts';
import { AccountDetail } from './detail.tsx';
import { AccountList } from './list.tsx';
import { NewAccountForm } from './new-account-form.tsx';

/** The accounts of the installation, for its superadmin. */
export default function AccountsPage({ item }: SectionProps) {
  if (item === 'new') return <NewAccountForm />;
  return item ? <AccountDetail key={item} accountId={item} /> : <AccountList />;
}
