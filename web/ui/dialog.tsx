import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  foot?: ReactNode;
}

/** The title asks, a button answers with a verb. */
export function Dialog({ open, onOpenChange, title, children, foot }: DialogProps) {
  const returning = useReturn();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="dialog" aria-describedby={undefined} {...returning}>
          <div className="in">
            <Radix.Title className="title">{title}</Radix.Title>
            {children}
          </div>
          {foot ? <div className="foot">{foot}</div> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Leads back to where the person was: the dialogs here have no trigger of their own that could. */
function useReturn() {
  const opener = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: () => {
      opener.current = findOpener();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      opener.current?.focus();
    },
  };
}

/** What has the focus; for an entry of a menu, which goes, the button that the menu hangs on. */
function findOpener(): HTMLElement | null {
  const active = document.activeElement;
  const button = active?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const opener = button ? document.getElementById(button) : active;
  return opener instanceof HTMLElement ? opener : null;
}

/** The first button would show its tooltip at once. */
function focusWhole(event: Event) {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

/** A pane that slides in where there is no room for a column. */
export function Sheet({ open, onOpenChange, title, children }: Omit<DialogProps, 'foot'>) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="sheet" aria-describedby={undefined} tabIndex={-1} onOpenAutoFocus={focusWhole}>
          <Radix.Title className="sr">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
