import type { ReactNode } from 'react';
import { useAct } from '../forms/use-act.ts';
import { useT } from '../i18n/use-t.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.tsx';

interface ConfirmProps {
  /** The question. */
  title: string;
  /** What follows from a yes. */
  text: string;
  /** The verb of the button that does it. */
  verb: string;
  look?: 'solid' | 'red';
  children?: ReactNode;
  onClose: () => void;
  run: () => Promise<unknown>;
}

/** Asks before something that cannot be undone; closes when it is done, and says why when it is not. */
export function Confirm({ title, text, verb, look = 'red', children, onClose, run }: ConfirmProps) {
  const t = useT();
  const { isBusy, refusal, act } = useAct();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button look={look} busy={isBusy} onClick={() => void act(run).then((isDone) => isDone && onClose())}>
            {verb}
          </Button>
        </>
      }
    >
      <div className="stack" style={{ gap: 16, marginTop: 8 }}>
        <p className="soft">{text}</p>
        {children}
        <Refusal text={refusal} />
      </div>
    </Dialog>
  );
}
