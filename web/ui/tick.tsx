import type { MessageStatus } from '../../contract/conversation.ts';
import { useT } from '../i18n/use-t.ts';

type Shown = 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';

const shape: Record<Shown, string> = {
  queued: '<circle cx="8" cy="6" r="4.5"/><path d="M8 3.8V6l1.5 1"/>',
  sent: '<path d="m4 6.5 2.8 2.8L12 3"/>',
  delivered: '<path d="m1.5 6.5 2.8 2.8L9.5 3M7.8 8.8l.5.5L13.5 3"/>',
  read: '<path d="m1.5 6.5 2.8 2.8L9.5 3M7.8 8.8l.5.5L13.5 3" stroke-width="1.9"/>',
  failed: '<circle cx="8" cy="6" r="4.8"/><path d="M8 3.5v3M8 8.4v.1"/>',
  uncertain:
    '<path d="m2 6.5 2.8 2.8L10 3" stroke-dasharray="2 2.2"/><path d="M12 5.2c.1-1.7 2.5-1.6 2.5 0 0 1.2-1.3 1.1-1.3 2.4M13.2 9.7v.1" stroke-width="1.3"/>',
};

const shownAs: Record<MessageStatus, Shown> = {
  received: 'delivered',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
  uncertain: 'uncertain',
  cancelled: 'failed',
};

/** How far a message got: a shape as well as a colour. */
export function Tick({ status }: { status: MessageStatus }) {
  const t = useT();
  const shown = shownAs[status];
  return (
    <svg className={`tick ${shown}`} viewBox="0 0 16 12" role="img" aria-label={t(`status.${status}`)}>
      <title>{t(`status.${status}`)}</title>
      <g dangerouslySetInnerHTML={{ __html: shape[shown] }} />
    </svg>
  );
}
