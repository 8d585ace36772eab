import { toast } from 'sonner';
import { createElement } from 'react';
import { UndoToast } from './ui/undo-toast.tsx';

let last: { id: string | number; act: () => void } | null = null;

/** Says what was done, with the way back while it shows (button, or Z). */
export function offerUndo(text: string, act: () => void): void {
  const id = toast.custom(() => createElement(UndoToast, { text, onUndo: undoLast }), {
    duration: 8000,
    onAutoClose: forget,
    onDismiss: forget,
  });
  last = { id, act };
}

export function undoLast(): void {
  if (!last) return;
  const { id, act } = last;
  last = null;
  toast.dismiss(id);
  act();
}

function forget(): void {
  last = null;
}
