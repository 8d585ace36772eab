import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { findConversation } from '../../cache.ts';
import { checkThread } from '../../hear.ts';
import { showLabel } from '../../i18n/label.ts';
import { explainProblem } from '../../forms/explain.ts';
import { useT } from '../../i18n/use-t.ts';
import { useKeys } from '../../keyboard.ts';
import { watchConversation } from '../../live.ts';
import { Problem } from '../../problem.ts';
import { conversationQuery, inboxesQuery, threadQuery } from '../../queries.ts';
import { useMay } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPane } from '../../ui/error-pane.tsx';
import { Icon } from '../../ui/icon.tsx';
import { offerUndo, undoLast } from '../../undo.ts';
import { closeConversation, markUnread, reopenConversation, useAction } from './actions.ts';
import { Composer } from './composer.tsx';
import { ThreadHeader } from './thread-header.tsx';
import { Timeline, TimelineGhost } from './timeline.tsx';

interface ThreadProps {
  conversationId: string;
  isContextOpen: boolean;
  onContext: () => void;
  onBack: () => void;
  /** The conversation was closed and has left the view. */
  onDone: () => void;
}

/** One conversation: who, what was said, and the answer in the making. */
export function Thread({ conversationId, isContextOpen, onContext, onBack, onDone }: ThreadProps) {
  const t = useT();
  const conversation = useQuery({
    ...conversationQuery(conversationId),
    initialData: () => findConversation(conversationId),
    initialDataUpdatedAt: 0,
  });
  const thread = useQuery(threadQuery(conversationId));
  const inbox = useQuery(inboxesQuery).data?.find((one) => one.id === conversation.data?.inboxId);
  const mayWrite = useMay('conversation.write');
  const { run, error, clear } = useAction();
  // Once put back to unread by hand it stays so until it is opened again.
  const isHeldUnread = useRef(false);
  useEffect(() => watchConversation(conversationId), [conversationId]);
  const isLoaded = thread.data !== undefined;
  useEffect(() => {
    if (isLoaded) checkThread(conversationId);
  }, [conversationId, isLoaded]);

  const isClosed = conversation.data?.status === 'closed';
  const toggleClosed = async () => {
    if (!mayWrite || !conversation.data) return;
    if (isClosed) return void run(() => reopenConversation(conversationId));
    if (!(await run(() => closeConversation(conversationId)))) return;
    offerUndo(
      t('thread.closed', { name: showLabel(conversation.data.contact.label, t) }),
      () => void run(() => reopenConversation(conversationId)),
    );
    onDone();
  };
  const putBackUnread = () => {
    if (!mayWrite) return;
    isHeldUnread.current = true;
    void run(() => markUnread(conversationId));
  };
  useKeys({ e: () => void toggleClosed(), u: putBackUnread, z: undoLast });

  const failed = conversation.error ?? thread.error;
  if (failed && (!conversation.data || !thread.data)) {
    const isGone = failed instanceof Problem && failed.code === 'not_found';
    const retry = () => void Promise.all([conversation.refetch(), thread.refetch()]);
    return (
      <section className="thread" aria-label={t('thread.error')}>
        <ErrorPane title={t(isGone ? 'thread.gone' : 'thread.error')} error={failed} {...(isGone ? {} : { onRetry: retry })} />
      </section>
    );
  }
  return (
    <section
      className="thread"
      aria-label={conversation.data ? t('thread.label', { name: showLabel(conversation.data.contact.label, t) }) : t('loading')}
    >
      <ThreadHeader
        conversation={conversation.data}
        inbox={inbox}
        isContextOpen={isContextOpen}
        onContext={onContext}
        onBack={onBack}
        onToggleClosed={() => void toggleClosed()}
        onUnread={putBackUnread}
        run={run}
      />
      {error ? (
        <div className="banner danger" role="alert" style={{ borderRadius: 0 }}>
          <Icon name="warn" />
          <span>
            {error instanceof Problem && error.status >= 400 && error.status < 500 ? explainProblem(error, t) : t('thread.changeFailed')}
          </span>
          <Button size="s" onClick={clear}>
            {t('ok')}
          </Button>
        </div>
      ) : null}
      {conversation.data && thread.data ? (
        <Timeline conversation={conversation.data} thread={thread.data} isHeldUnread={isHeldUnread} />
      ) : (
        <TimelineGhost />
      )}
      <Composer conversationId={conversationId} conversation={conversation.data} inbox={inbox} mayWrite={mayWrite} />
    </section>
  );
}
