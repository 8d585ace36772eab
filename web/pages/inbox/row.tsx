import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Conversation } from '../../../contract/conversation.ts';
import { showLabel } from '../../i18n/label.ts';
import { useT } from '../../i18n/use-t.ts';
import { useTyping } from '../../presence.ts';
import { prefetchConversation } from '../../queries.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';

interface RowProps {
  conversation: Conversation;
  slug: string;
  isSelected: boolean;
  place: '' | 'first' | 'after-on';
}

/** One conversation in two lines: who and when, what was last said; below what the team put on it. */
export const Row = memo(function Row({ conversation, slug, isSelected, place }: RowProps) {
  const t = useT();
  const { contact, assignee, labels } = conversation;
  const name = showLabel(contact.label, t);
  const isUnread = conversation.unreadCount > 0;
  const isUrgent = conversation.priority === 'high';
  const isWaiting = conversation.status === 'pending' || conversation.status === 'snoozed';
  const hasChips = labels.length > 0 || isUrgent || isWaiting;
  const keeper = assignee ? (
    <Avatar id={assignee.id} name={assignee.name} size="xs" title={t('row.assignedTo', { name: assignee.name })} />
  ) : null;
  return (
    <Link
      to="/inbox/{-$view}/{-$conversationId}"
      params={{ view: slug, conversationId: conversation.id }}
      className={['cv', isSelected ? 'on' : '', isUnread ? 'un' : '', place].filter(Boolean).join(' ')}
      aria-current={isSelected ? 'true' : undefined}
      data-conversation={conversation.id}
      onMouseEnter={() => prefetchConversation(conversation.id, contact.id)}
      onFocus={() => prefetchConversation(conversation.id, contact.id)}
    >
      <span className="g">
        <Avatar id={contact.id} name={name} size="m" />
        <ChannelGlyph channel={conversation.channel} />
      </span>
      <span className="bd">
        <span className="l1">
          <b className="clip grow" title={name}>
            {name}
          </b>
          <Time at={conversation.lastActivityAt} />
        </span>
        <span className="l2">
          <Preview conversation={conversation} />
          {isUnread ? (
            <span className="unread" title={t('row.unread', { count: conversation.unreadCount })}>
              <span className="sr">{t('row.unread', { count: conversation.unreadCount })}</span>
            </span>
          ) : null}
          {hasChips ? null : keeper}
        </span>
        {hasChips ? (
          <span className="l3">
            {isUrgent ? <span className="chip danger">{t('priority.high')}</span> : null}
            {isWaiting ? <span className="chip info">{t(`conversation.${conversation.status}`)}</span> : null}
            {labels.slice(0, 3).map((label) => (
              <span key={label.id} className="chip clip">
                {label.name}
              </span>
            ))}
            {keeper ? <span className="end row">{keeper}</span> : null}
          </span>
        ) : null}
      </span>
    </Link>
  );
});

/** What was last said, and by which side. */
function Preview({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const isContactTyping = useTyping(conversation.id).includes(conversation.contact.id);
  const last = conversation.lastMessage;
  if (isContactTyping)
    return <span className="clip grow typ">{t('thread.contactTypes', { name: showLabel(conversation.contact.label, t) })}</span>;
  const said = last?.text?.slice(0, 160) || (last ? t('row.noText') : '');
  return (
    <span className="clip grow">
      {last?.kind === 'note' ? <Icon name="lock" size="xs" /> : null}
      {last?.direction === 'out' && last.kind === 'message' ? (
        <Icon name={last.status === 'failed' || last.status === 'uncertain' ? 'warn' : 'back'} size="xs" />
      ) : null}
      {conversation.subject ? <b>{conversation.subject}</b> : null}
      {conversation.subject && said ? ' — ' : null}
      {said}
    </span>
  );
}

/** The shape of a row before it is known. */
export function RowGhost({ width, isFirst = false }: { width: number; isFirst?: boolean }) {
  return (
    <div className={`cv ghost${isFirst ? ' first' : ''}`} aria-hidden="true">
      <span className="sk round" style={{ width: 36, height: 36 }} />
      <span className="bd" style={{ gap: 9, padding: '5px 0 4px' }}>
        <span className="sk" style={{ width: `${width}%` }} />
        <span className="sk" style={{ width: `${Math.min(96, width + 24)}%` }} />
      </span>
    </div>
  );
}
