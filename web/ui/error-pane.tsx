import { useT } from '../i18n/use-t.ts';
import { Problem } from '../problem.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** What happened, what is safe, how to go on, and the number to quote. */
export function ErrorPane({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  const t = useT();
  const problem = error instanceof Problem ? error : null;
  if (problem?.code === 'forbidden') return <NoPermission />;
  return (
    <div className="empty" role="alert">
      <span className="er">
        <Icon name="warn" size="l" />
      </span>
      <b>{title}</b>
      <span className="small">{explain(problem, t)}</span>
      {onRetry ? (
        <Button size="s" onClick={onRetry}>
          <Icon name="retry" size="s" />
          {t('error.retry')}
        </Button>
      ) : null}
      {problem?.requestId ? <span className="small muted mono">{t('error.request', { id: problem.requestId })}</span> : null}
    </div>
  );
}

/** Says who can open a closed door. */
export function NoPermission() {
  const t = useT();
  return (
    <div className="empty">
      <span className="er quiet">
        <Icon name="lock" size="l" />
      </span>
      <b>{t('forbidden.title')}</b>
      <span className="small">{t('forbidden.text')}</span>
    </div>
  );
}

function explain(problem: Problem | null, t: ReturnType<typeof useT>): string {
  if (problem?.code === 'offline') return t('error.offline');
  if (problem?.code === 'unavailable') return t('error.unavailable');
  if (problem?.code === 'not_found') return t('error.notFound');
  if (problem && problem.status < 500) return problem.detail;
  return t('error.server');
}
