import { useCallback, useEffect, useRef } from 'react';
import { tellTyping } from '../../live.ts';

const againMs = 1500;
const idleMs = 2000;

/** Tells the others that one writes: again while it goes on, and its end after 2 s of rest. */
export function useTellTyping(conversationId: string): (isTyping: boolean) => void {
  const toldAt = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tell = useCallback(
    (isTyping: boolean) => {
      clearTimeout(idle.current);
      if (!isTyping) {
        if (toldAt.current) tellTyping(conversationId, false);
        toldAt.current = 0;
        return;
      }
      if (Date.now() - toldAt.current > againMs) {
        toldAt.current = Date.now();
        tellTyping(conversationId, true);
      }
      idle.current = setTimeout(() => tell(false), idleMs);
    },
    [conversationId],
  );
  useEffect(() => () => tell(false), [tell]);
  return tell;
}
