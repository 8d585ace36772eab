import type { DeliveryError, MessageStatus } from '../contract/conversation.ts';
import type { Scene } from './content/types.ts';
import { windowClosed } from './provider/envelope.ts';
import type { ScriptLine } from './script.ts';

export interface Sending {
  status: MessageStatus;
  outcome: 'sent' | 'failed' | 'uncertain';
  error: DeliveryError | null;
  /** The provider gave it an id. */
  hasId: boolean;
}

const failures: Record<string, Sending> = {
  window: {
    status: 'failed',
    outcome: 'failed',
    error: { class: 'window', code: String(windowClosed.code), detail: windowClosed.details },
    hasId: false,
  },
  uncertain: {
    status: 'uncertain',
    outcome: 'uncertain',
    error: { class: 'unknown', detail: 'The call left, its answer did not come.' },
    hasId: false,
  },
};

/** How the sending of a sample line ended: as its mark says; else read, when the customer wrote again afterwards. */
export function sendingOf(line: ScriptLine, scene: Scene, isLast: boolean): Sending {
  const failure = failures[line.mark ?? ''];
  if (failure) return failure;
  const status = line.isNote ? 'sent' : statusOf(line.mark, scene, isLast);
  return { status, outcome: 'sent', error: null, hasId: !line.isNote };
}

function statusOf(mark: string | null, scene: Scene, isLast: boolean): MessageStatus {
  if (mark === 'sent' || mark === 'delivered' || mark === 'read') return mark;
  return isLast && scene.inbox === 'webchat' ? 'delivered' : 'read';
}
