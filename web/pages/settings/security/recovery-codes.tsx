import { useState } from 'react';
import { useT } from '../../../i18n/use-t.ts';
import { useMe } from '../../../session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';

/** The one time that recovery codes can be read; it closes by its button only, not by a slip of the hand. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const t = useT();
  const email = useMe()?.email ?? '';
  const [isCopied, setCopied] = useState(false);
  const heading = t('recovery.for', { email });
  const text = `${heading}\n\n${codes.join('\n')}\n`;
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title={t('recovery.title')}
      foot={
        <Button look="solid" onClick={onClose}>
          {t('recovery.kept')}
        </Button>
      }
    >
      <div className="stack" style={{ gap: 16, marginTop: 8 }}>
        <p className="soft">{t('recovery.text')}</p>
        <div className="codes">
          <p className="on-paper">{heading}</p>
          <ol>
            {codes.map((code) => (
              <li key={code} className="mono">
                {code}
              </li>
            ))}
          </ol>
        </div>
        <div className="row wrap">
          <Button onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
            <Icon name={isCopied ? 'check' : 'copy'} size={isCopied ? 's ok' : 's'} />
            <span aria-live="polite">{t(isCopied ? 'copy.done' : 'recovery.copy')}</span>
          </Button>
          <Button onClick={() => download(t('recovery.file'), text)}>{t('recovery.download')}</Button>
          <Button onClick={() => window.print()}>{t('recovery.print')}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold on the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
