import { useT } from '../i18n/use-t.ts';
import type { MessageId } from '../i18n/index.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Key } from '../ui/key.tsx';

const keys: [MessageId, ...string[]][] = [
  ['keys.move', 'J', 'K'],
  ['keys.open', 'Enter'],
  ['keys.reply', 'R'],
  ['keys.note', 'N'],
  ['keys.send', 'Mod+Enter'],
  ['keys.close', 'E'],
  ['keys.undo', 'Z'],
  ['keys.assign', 'A'],
  ['keys.unread', 'U'],
  ['keys.context', '.'],
  ['keys.leave', 'Esc'],
  ['keys.help', '?'],
];

/** Every key there is. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open onOpenChange={onClose} title={t('shortcuts.title')}>
      <div className="keys">
        {keys.map(([id, ...caps]) => (
          <div key={id}>
            <span>{t(id)}</span>
            {caps.map((cap) => (
              <Key key={cap} name={cap} />
            ))}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
