import { memo } from 'react';
import type { Conversation } from '../../../contract/conversation.ts';
import { useFormat } from '../../i18n/use-format.ts';
import type { ThreadLine } from './lines.ts';
import { MessageBubble } from './message-bubble.tsx';
import { OutgoingBubble } from './outgoing-bubble.tsx';

/** One line of a thread, with the day above where one begins. */
export const Line = memo(function Line({ line, conversation }: { line: ThreadLine; conversation: Conversation }) {
  const format = useFormat();
  const isJoined = line.kind === 'message' && line.isJoined;
  return (
    <div className={`turn${isJoined ? ' joined' : ''}`}>
      {line.day ? (
        <div className={`day${line.isToday ? ' today' : ''}`}>
          <span>{format.day(line.day)}</span>
        </div>
      ) : null}
      {line.kind === 'message' ? (
        <MessageBubble
          message={line.message}
          quoted={line.quoted}
          isRunEnd={line.isRunEnd}
          contact={conversation.contact}
          conversationId={conversation.id}
        />
      ) : (
        <OutgoingBubble outgoing={line.outgoing} />
      )}
    </div>
  );
});
