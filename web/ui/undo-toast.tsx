import { useT } from '../i18n/use-t.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { Key } from './key.tsx';

/** One sentence and the way back. */
export function UndoToast({ text, onUndo }: { text: string; onUndo: () => void }) {
  const t = useT();
  return (
    <div className="toast">
      <Icon name="check" size="s acc" />
      <span className="grow">{text}</span>
      <Button look="quiet" size="s" onClick={onUndo}>
        {t('undo')} <Key name="Z" />
      </Button>
    </div>
  );
}
