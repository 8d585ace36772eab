import { newId } from '../../server/db/id.ts';
import type { Visitors } from '../../server/channels/webchat/namespace.ts';
import type { TestDatabase } from './postgres.ts';
import type { TestInbox } from './public-app.ts';

/** A member's answer as the outgoing line leaves it, in the conversation of a message, told to the visitors. */
export async function answerVisitor(
  db: TestDatabase,
  visitors: Visitors,
  inbox: TestInbox,
  messageId: string,
  text: string,
  kind = 'message',
): Promise<string> {
  const id = newId();
  await db.sql(
    `with c as (update conversations set seq = seq + 1 where id = (select conversation_id from messages where id = $2) returning account_id, id, inbox_id, seq),
       p as (insert into provider_messages (account_id, inbox_id, external_id, message_id) select account_id, inbox_id, $1::uuid::text, $1 from c)
     insert into messages (account_id, id, conversation_id, seq, change_seq, direction, kind, text, status, sent_at)
     select account_id, $1, id, seq, seq, 'out', $4, $3, 'sent', now() from c`,
    [id, messageId, text, kind],
  );
  await visitors.tell(inbox.accountId, [{ type: 'message:new', messageId: id }]);
  return id;
}
