import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useT } from '../i18n/use-t.ts';
import { useQueuedCount } from '../outbox.ts';
import { useLine } from '../presence.ts';
import { countsQuery } from '../queries.ts';
import { useMay } from '../session.ts';
import { Icon } from '../ui/icon.tsx';

const patienceMs = 2500;

/** Says that nothing comes or goes, and what will go later. A short cut is not worth a word. */
export function OfflineBanner() {
  const t = useT();
  const line = useLine();
  const queued = useQueuedCount();
  // Without the live line the counts are asked for now and then: whether they come says if the server is there.
  const isAway = useQuery({ ...countsQuery, enabled: useMay('conversation.read') }).isError || !navigator.onLine;
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
          <span>{queued ? t('offline.queued', { count: queued }) : t(isAway ? 'offline.idle' : 'offline.slow')}</span>
        </div>
      ) : null}
    </div>
  );
}
