import { useEffect, useState } from 'react';
import { useT } from '../i18n/use-t.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface CopyFieldProps {
  label: string;
  value: string;
  /** Where what is shown is grouped to be read. */
  copied?: string;
  hint?: string;
}

/** A value to paste elsewhere, whole and in one press. */
export function CopyField({ label, value, copied: text = value, hint }: CopyFieldProps) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="input l copy">
        <span className="mono grow clip" title={value}>
          {value}
        </span>
        <Button size="s" onClick={copy} aria-label={t('copy.of', { what: label })}>
          <Icon name={copied ? 'check' : 'copy'} size={copied ? 's ok' : 's'} />
          <span aria-live="polite">{t(copied ? 'copy.done' : 'copy.do')}</span>
        </Button>
      </div>
      {hint ? <span className="hint">{hint}</span> : null}
    </div>
  );
}
