import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { download } from '../../../api.ts';
import { useAct } from '../../../forms/use-act.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { useMay } from '../../../session.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { ListSkeleton, SectionHead } from '../parts.tsx';
import { Filters, type Period, startOf } from './filters.tsx';
import { Log } from './log.tsx';
import { auditLogQuery } from './queries.ts';

/** Who changed what, the newest first. */
export default function AuditPage() {
  const t = useT();
  const mayExport = useMay('audit.export');
  const { isBusy, refusal, act } = useAct();
  const [q, setQ] = useState('');
  const [actorId, setActorId] = useState('');
  const [noun, setNoun] = useState('');
  const [period, setPeriod] = useState<Period>('always');
  const [from, setFrom] = useState('');
  const asked = useDeferredValue(q.trim());
  const log = useInfiniteQuery(auditLogQuery({ q: asked, actorId, action: noun, from }));
  const entries = log.data?.pages.flatMap(({ items }) => items);
  const isWhole = !asked && !actorId && !noun && !from;
  const newest = isWhole ? entries?.[0] : undefined;
  const choosePeriod = (next: Period) => {
    setPeriod(next);
    // Fixed when it is chosen: a start that moves would be another question at each render.
    setFrom(startOf(next));
  };
  const exportLog = mayExport ? (
    <Button title={t('audit.exportHint')} busy={isBusy} onClick={() => void act(() => download(paths.auditExport, 'audit.jsonl'))}>
      {t('audit.export')}
    </Button>
  ) : undefined;
  return (
    <div className="col">
      <SectionHead title={t('audit.title')} lead={t('audit.lead')} action={exportLog} />
      <Filters
        q={q}
        onSearch={setQ}
        actorId={actorId}
        onActor={setActorId}
        noun={noun}
        onNoun={setNoun}
        period={period}
        onPeriod={choosePeriod}
      />
      <Refusal text={refusal} />
      {log.isError ? <ErrorPane title={t('audit.error')} error={log.error} onRetry={() => void log.refetch()} /> : null}
      {log.isPending ? <ListSkeleton rows={6} /> : null}
      {entries?.length === 0 ? <Empty title={t('audit.none')} text={t('audit.noneText')} isQuiet /> : null}
      {entries && entries.length > 0 ? <Log entries={entries} /> : null}
      {log.hasNextPage ? (
        <Button className="more" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t('audit.more')}
        </Button>
      ) : null}
      {newest ? (
        <p className="small muted" title={newest.hash}>
          {t('audit.chain', { count: newest.seq, hash: newest.hash.slice(0, 12) })}
        </p>
      ) : null}
    </div>
  );
}
