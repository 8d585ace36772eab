import { useT } from '../i18n/use-t.ts';
import { Button } from '../ui/button.tsx';
import { Key } from '../ui/key.tsx';
import { undoForMs, undoLast, useUndo } from '../undo.ts';

/** One sentence, the time that is left, and the way back. */
export function UndoToast() {
  const t = useT();
  const undo = useUndo();
  return (
    <div className="toasts" role="status">
      {undo ? (
        <div className="toast" key={undo.text}>
          <svg className="left" viewBox="0 0 18 18" aria-hidden="true">
            <circle cx="9" cy="9" r="7" stroke="var(--line-2)" />
            <circle cx="9" cy="9" r="7" stroke="var(--accent-ink)" pathLength={1} style={{ animationDuration: `${undoForMs}ms` }} />
          </svg>
          <span className="grow">{undo.text}</span>
          <Button look="quiet" size="s" onClick={undoLast}>
            {t('undo')} <Key name="Z" />
          </Button>
        </div>
      ) : null}
    </div>
  );
}
