import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Conversation } from '../../../contract/conversation.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useT } from '../../i18n/use-t.ts';
import { useOutgoing } from '../../outbox.ts';
import { loadOlder, type Thread } from '../../queries.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { markRead } from './actions.ts';
import { Line } from './line.tsx';
import { linesOf } from './lines.ts';

interface TimelineProps {
  conversation: Conversation;
  thread: Thread;
  isHeldUnread: RefObject<boolean>;
}

const nearTopPx = 600;
const atEndPx = 48;
const readAfterMs = 1000;

/** What was said, newest at the foot. Older pages come in above without a jump; new ones never pull a reader down. */
export function Timeline({ conversation, thread, isHeldUnread }: TimelineProps) {
  const t = useT();
  const format = useFormat();
  const outgoing = useOutgoing(conversation.id);
  const lines = useMemo(() => linesOf(thread.messages, outgoing, format), [thread.messages, outgoing, format]);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const handle = useRef<VirtualizerHandle>(null);
  const inner = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  const [fresh, setFresh] = useState(0);
  const [olderError, setOlderError] = useState<unknown>(null);
  const isLoadingOlder = useRef(false);

  const toEnd = useCallback(() => {
    isAtEnd.current = true;
    handle.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' });
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
    setFresh(0);
  }, [scroller]);

  const isPrepended = useFirstChanged(lines[0]?.key, lines.length);
  useFollowing(lines.at(-1), isAtEnd, toEnd, setFresh);
  useStickyEnd(scroller, inner, isAtEnd, toEnd);
  const isPlaced = usePlaced(scroller);
  useReading(conversation, thread, isAtEnd, isHeldUnread);

  const fetchOlder = useCallback(async () => {
    if (isLoadingOlder.current) return;
    isLoadingOlder.current = true;
    setOlderError(null);
    await loadOlder(conversation.id).catch(setOlderError);
    isLoadingOlder.current = false;
  }, [conversation.id]);

  const onScroll = () => {
    if (!scroller) return;
    // A line that grows as it is measured moves the end away; only a reader who scrolls up leaves it.
    const isUp = scroller.scrollTop < lastTop.current;
    lastTop.current = scroller.scrollTop;
    if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < atEndPx) isAtEnd.current = true;
    else if (isUp) isAtEnd.current = false;
    if (isAtEnd.current) setFresh(0);
    if (thread.olderCursor && !olderError && scroller.scrollTop < nearTopPx) void fetchOlder();
  };

  return (
    <div style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', position: 'relative' }}>
      <div
        className="flow"
        ref={setScroller}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={t('thread.messages')}
        aria-live="polite"
      >
        <div className="pad" />
        <div className="older">
          {olderError ? (
            <Button size="s" onClick={() => void fetchOlder()}>
              <Icon name="retry" size="s" />
              {t('thread.olderFailed')}
            </Button>
          ) : thread.olderCursor ? (
            <span className="small muted">{t('thread.older')}</span>
          ) : null}
        </div>
        <div className="said" ref={inner} style={{ visibility: isPlaced ? undefined : 'hidden' }}>
          {scroller ? (
            <Virtualizer ref={handle} scrollRef={{ current: scroller }} shift={isPrepended} startMargin={32} itemSize={72} bufferSize={600}>
              {lines.map((line) => (
                <Line key={line.key} line={line} conversation={conversation} />
              ))}
            </Virtualizer>
          ) : null}
        </div>
      </div>
      {fresh > 0 ? (
        <Button size="s" className="fresh" onClick={toEnd}>
          {t('thread.fresh', { count: fresh })}
          <Icon name="down" size="s" />
        </Button>
      ) : null}
    </div>
  );
}

/** True in the one render in which lines were added above: then the place is kept from the end. */
function useFirstChanged(first: string | undefined, count: number): boolean {
  const before = useRef({ first, count });
  const isPrepended = before.current.first !== first && count > before.current.count;
  useLayoutEffect(() => {
    before.current = { first, count };
  });
  return isPrepended;
}

/** Follows what is new while the end is in sight, or when one wrote it oneself; else counts it. */
function useFollowing(
  last: { key: string; isMine: boolean } | undefined,
  isAtEnd: RefObject<boolean>,
  toEnd: () => void,
  setFresh: (count: (fresh: number) => number) => void,
) {
  const seen = useRef<string | undefined>(undefined);
  const key = last?.key;
  useLayoutEffect(() => {
    if (!key || seen.current === key) return;
    const isFirst = seen.current === undefined;
    seen.current = key;
    if (isFirst || isAtEnd.current || last?.isMine) toEnd();
    else setFresh((count) => count + 1);
  });
}

/** Keeps the end in sight while lines are measured and the composer grows. */
function useStickyEnd(scroller: HTMLElement | null, inner: RefObject<HTMLElement | null>, isAtEnd: RefObject<boolean>, toEnd: () => void) {
  useLayoutEffect(() => {
    if (!scroller || !inner.current) return;
    toEnd();
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) scroller.scrollTop = scroller.scrollHeight;
    });
    observer.observe(scroller);
    observer.observe(inner.current);
    return () => observer.disconnect();
  }, [scroller, inner, isAtEnd, toEnd]);
}

/** True once the lines were measured and stand where they stay: until then they would be seen to move. */
function usePlaced(scroller: HTMLElement | null): boolean {
  const [isPlaced, setPlaced] = useState(false);
  useEffect(() => {
    if (!scroller) return;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setPlaced(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [scroller]);
  return isPlaced;
}

/** Read: the last message was in sight of a focused window for a second. */
function useReading(conversation: Conversation, thread: Thread, isAtEnd: RefObject<boolean>, isHeldUnread: RefObject<boolean>) {
  const last = thread.messages.at(-1)?.id;
  const isUnread = conversation.unreadCount > 0;
  useEffect(() => {
    if (!last || !isUnread || isHeldUnread.current) return;
    let since = 0;
    const timer = setInterval(() => {
      const isSeen = isAtEnd.current && document.hasFocus() && document.visibilityState === 'visible' && !isHeldUnread.current;
      if (!isSeen) since = 0;
      else if (since === 0) since = Date.now();
      else if (Date.now() - since >= readAfterMs) {
        clearInterval(timer);
        void markRead(conversation.id, last);
      }
    }, 200);
    return () => clearInterval(timer);
  }, [conversation.id, last, isUnread, isAtEnd, isHeldUnread]);
}

/** The shape of a thread before it is known. */
export function TimelineGhost() {
  const t = useT();
  return (
    <div className="flow late" role="status" aria-label={t('loading')}>
      <div className="pad" />
      {[
        [false, 52, 58],
        [false, 38, 38],
        [true, 60, 58],
        [false, 44, 38],
        [true, 48, 38],
      ].map(([isOut, width, height], index) => (
        <div className={`turn${index === 4 ? ' last' : ''}`} key={`${width}-${height}`}>
          <div className={`msg ${isOut ? 'out' : 'cont'}`}>
            <span className="sk" style={{ width: `${Number(width) * 6}px`, height: Number(height), borderRadius: 10, maxWidth: '100%' }} />
          </div>
        </div>
      ))}
    </div>
  );
}
