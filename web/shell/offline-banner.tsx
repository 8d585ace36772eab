import { useEffect, useState } from 'react';
import { useT } from '../i18n/use-t.ts';
import { useQueuedCount } from '../outbox.ts';
import { useLine } from '../presence.ts';
import { Icon } from '../ui/icon.tsx';

const patienceMs = 2500;

/** Says that nothing comes or goes, and what will go later. A short cut is not worth a word. */
export function OfflineBanner() {
  const t = useT();
  const line = useLine();
  const queued = useQueuedCount();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (line !== 'down') return setLong(false);
    const timer = setTimeout(() => setLong(true), navigator.onLine ? patienceMs : 0);
    return () => clearTimeout(timer);
  }, [line]);
  return (
    <div role="status" style={{ display: 'contents' }}>
      {isLong ? (
        <div className="banner warn">
          <Icon name="off" />
          <span>{queued ? t('offline.queued', { count: queued }) : t('offline.idle')}</span>
        </div>
      ) : null}
    </div>
  );
}
