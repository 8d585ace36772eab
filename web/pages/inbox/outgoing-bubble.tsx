import { explainCode } from '../../forms/explain.ts';
import { useT } from '../../i18n/use-t.ts';
import { dropOutgoing, type Outgoing, retryOutgoing } from '../../outbox.ts';
import { useLine } from '../../presence.ts';
import { useMe } from '../../session.ts';
import { Icon } from '../../ui/icon.tsx';
import { Tick } from '../../ui/tick.tsx';
import { Time } from '../../ui/time.tsx';
import { composeAgain } from './compose-again.ts';
import { Linked } from './linked.tsx';

/** A message that has not reached the server yet: shown at once, and honest about it. */
export function OutgoingBubble({ outgoing }: { outgoing: Outgoing }) {
  const t = useT();
  const me = useMe();
  const isDown = useLine() === 'down';
  const isFailed = outgoing.state === 'failed';
  const state = isFailed ? t('outgoing.failed') : isDown ? t('outgoing.waits') : '';
  const isNote = outgoing.body.kind === 'note';
  const takeUp = () => {
    composeAgain(outgoing.conversationId, outgoing.body.text);
    dropOutgoing(outgoing.key);
  };
  const foot = (
    <>
      <Time at={outgoing.createdAt} style="clock" />
      <Tick status={isFailed ? 'failed' : 'queued'} />
      {state ? <span className={isFailed ? 'danger' : ''}>{state}</span> : null}
    </>
  );
  const trouble = isFailed ? (
    <div className="fail" role="alert">
      <Icon name="warn" size="s" />
      <span>
        {explain(outgoing, t)}{' '}
        {mayHelp(outgoing) ? (
          <>
            <button type="button" className="link" onClick={() => retryOutgoing(outgoing.key)}>
              {t('error.retry')}
            </button>
            {' · '}
          </>
        ) : null}
        <button type="button" className="link" onClick={takeUp}>
          {t('trouble.takeUp')}
        </button>
        {mayHelp(outgoing) && outgoing.problem?.requestId ? <span className="mono"> {outgoing.problem.requestId}</span> : null}
      </span>
    </div>
  ) : null;
  if (isNote)
    return (
      <div className="note">
        <div className="hd">
          <Icon name="lock" size="xs" />
          <b className="clip">{me?.name}</b>
          <span className="end row">{foot}</span>
        </div>
        <Linked text={outgoing.body.text} />
        {trouble}
      </div>
    );
  return (
    <div className="msg out">
      <div className="col">
        <div className="bub">
          <Linked text={outgoing.body.text} />
        </div>
        <div className="meta">
          <span>{me?.name.split(' ')[0]}</span>
          {foot}
        </div>
        {trouble}
      </div>
    </div>
  );
}

/** A refusal for a stated cause is the same the second time. */
function mayHelp({ problem }: Outgoing): boolean {
  return !['window_closed', 'channel_refuses', 'forbidden', 'account_read_only', 'validation_error', 'not_found'].includes(
    problem?.code ?? '',
  );
}

function explain(outgoing: Outgoing, t: ReturnType<typeof useT>): string {
  if (outgoing.problem?.code === 'window_closed') return t('trouble.window');
  return explainCode(outgoing.problem?.code ?? '', t) ?? (outgoing.problem?.detail || t('error.server'));
}
