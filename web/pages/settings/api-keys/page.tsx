import type { SectionProps } from '../sections.ts';
import { KeyList } from './list.tsx';
import { NewKeyForm } from './new-key-form.tsx';

/** Keys of programs. */
export default function ApiKeysPage({ item }: SectionProps) {
  return item === 'new' ? <NewKeyForm /> : <KeyList />;
}
