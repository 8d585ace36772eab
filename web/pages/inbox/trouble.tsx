import type { Message } from '../../../contract/conversation.ts';
import { explainProblem } from '../../forms/explain.ts';
import { useT } from '../../i18n/use-t.ts';
import { Problem } from '../../problem.ts';
import { Icon } from '../../ui/icon.tsx';
import { sendAgain, useAction } from './actions.ts';
import { composeAgain } from './compose-again.ts';

/** Why it did not go, in words, and what can be done about it. */
export function Trouble({ message, conversationId }: { message: Message; conversationId: string }) {
  const t = useT();
  const { run, error } = useAction();
  if (message.status !== 'failed' && message.status !== 'uncertain') return null;
  const isUncertain = message.status === 'uncertain';
  const cause = isUncertain ? t('trouble.uncertain') : t(`trouble.${message.error?.class ?? 'unknown'}`);
  return (
    <div className={`fail${isUncertain ? ' u' : ''}`}>
      <Icon name="warn" size="s" />
      <span>
        {cause}
        {message.error?.detail && !isUncertain ? ` (${message.error.detail})` : ''}{' '}
        {mayHelp(message) ? (
          <>
            <button type="button" className="link" onClick={() => void run(() => sendAgain(message))}>
              {t('trouble.sendAgain')}
            </button>
            {' · '}
          </>
        ) : null}
        <button type="button" className="link" onClick={() => composeAgain(conversationId, message.text ?? '')}>
          {t('trouble.takeUp')}
        </button>
        {error ? <span role="alert"> {explain(error, t)}</span> : null}
      </span>
    </div>
  );
}

/** What the recipient, the content or the window refused is refused the second time too. */
function mayHelp({ status, error }: Message): boolean {
  return status === 'uncertain' || !['recipient', 'content', 'window'].includes(error?.class ?? '');
}

function explain(error: unknown, t: ReturnType<typeof useT>): string {
  if (error instanceof Problem && error.code === 'window_closed') return t('trouble.window');
  return explainProblem(error, t);
}
