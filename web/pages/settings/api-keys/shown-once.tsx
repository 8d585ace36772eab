import { useT } from '../../../i18n/use-t.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import type { ShownKey } from './queries.ts';

/** The one time that a key can be read; it closes by its button only, not by a slip of the hand. */
export function ShownOnce({ shown, onClose }: { shown: ShownKey; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title={t('keys.onceTitle')}
      foot={
        <Button look="solid" onClick={onClose}>
          {t('keys.copied')}
        </Button>
      }
    >
      <div className="stack" style={{ gap: 16, marginTop: 8 }}>
        <p className="soft">{t('keys.onceText')}</p>
        <CopyField label={t('keys.key')} value={shown.key} />
        <CopyField label={t('keys.signing')} value={shown.signingSecret} hint={t('keys.signingHint')} />
      </div>
    </Dialog>
  );
}
