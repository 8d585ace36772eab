import { type ReactNode, useId } from 'react';
import { useT } from '../i18n/use-t.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Refusal } from '../ui/refusal.tsx';

interface FormDialogProps {
  title: string;
  /** The verb of the button that sends. */
  verb: string;
  isSubmitting: boolean;
  refusal: string | null;
  onSubmit: (event: { preventDefault(): void }) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A few fields in a dialog, the way out, and the one button that sends them. */
export function FormDialog({ title, verb, isSubmitting, refusal, onSubmit, onClose, children }: FormDialogProps) {
  const t = useT();
  const id = useId();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form={id} look="solid" busy={isSubmitting}>
            {verb}
          </Button>
        </>
      }
    >
      <form id={id} className="stack" style={{ gap: 16, marginTop: 12 }} noValidate onSubmit={onSubmit}>
        {children}
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
