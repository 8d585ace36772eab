import { explainProblem } from '../forms/explain.ts';
import { useT } from '../i18n/use-t.ts';
import { Problem } from '../problem.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** What happened, what is safe, how to go on, and the number to quote. */
export function ErrorPane({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  const t = useT();
  const problem = error instanceof Problem ? error : null;
  if (problem?.code === 'forbidden') return <NoPermission />;
  if (problem?.code === 'module_off') return <ModuleOff />;
  return (
    <div className="empty" role="alert">
      <span className="er">
        <Icon name="warn" size="l" />
      </span>
      <b>{title}</b>
      <span className="small">{explainProblem(error, t)}</span>
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

/** Says who can switch on what the account does not have. */
export function ModuleOff() {
  const t = useT();
  return (
    <div className="empty">
      <span className="er quiet">
        <Icon name="lock" size="l" />
      </span>
      <b>{t('forbidden.moduleTitle')}</b>
      <span className="small">{t('forbidden.moduleText')}</span>
    </div>
  );
}
