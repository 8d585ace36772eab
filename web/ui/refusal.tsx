import { Icon } from './icon.tsx';

/** Why something was not done, where the person looks for it. */
export function Refusal({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <div className="banner danger" role="alert">
      <Icon name="warn" />
      <span>{text}</span>
    </div>
  );
}
