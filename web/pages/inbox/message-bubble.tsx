import type { Conversation, Message } from '../../../contract/conversation.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { showLabel } from '../../i18n/label.ts';
import { useT } from '../../i18n/use-t.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Tick } from '../../ui/tick.tsx';
import { Time } from '../../ui/time.tsx';
import { Linked } from './linked.tsx';
import { Trouble } from './trouble.tsx';

interface MessageBubbleProps {
  message: Message;
  quoted: Message | undefined;
  isRunEnd: boolean;
  contact: Conversation['contact'];
  conversationId: string;
}

/** What one side said. Received at the left, sent at the right, a private note on paper. */
export function MessageBubble({ message, quoted, isRunEnd, contact, conversationId }: MessageBubbleProps) {
  const t = useT();
  if (message.kind === 'note') return <Note message={message} />;
  if (message.direction === 'in')
    return (
      <div className={`msg${isRunEnd ? '' : ' cont'}`}>
        {isRunEnd ? <Avatar id={contact.id} name={showLabel(contact.label, t)} size="b" /> : null}
        <div className="bub">
          <span className="sr">{t('message.from', { name: showLabel(contact.label, t) })}</span>
          <Said message={message} quoted={quoted} contact={contact} />
          <div className="meta">
            <Time at={message.sentAt} style="clock" />
          </div>
        </div>
      </div>
    );
  const isTold =
    message.status === 'failed' || message.status === 'uncertain' || message.status === 'queued' || message.status === 'sending';
  return (
    <div className="msg out">
      <div className="col">
        <div className="bub">
          <Said message={message} quoted={quoted} contact={contact} />
        </div>
        {isRunEnd || isTold ? (
          <div className="meta">
            <span>{message.author?.name.split(' ')[0]}</span>
            <Time at={message.sentAt} style="clock" />
            <Tick status={message.status} />
            {isTold ? <span className={wordLook[message.status] ?? ''}>{t(`status.${message.status}`)}</span> : null}
          </div>
        ) : null}
        <Trouble message={message} conversationId={conversationId} />
      </div>
    </div>
  );
}

const wordLook: Partial<Record<Message['status'], string>> = { failed: 'danger', uncertain: 'warn' };

function Said({ message, quoted, contact }: { message: Message; quoted: Message | undefined; contact: Conversation['contact'] }) {
  const t = useT();
  return (
    <>
      {quoted ? (
        <div className="quote">
          <b>{quoted.direction === 'in' ? showLabel(contact.label, t) : (quoted.author?.name ?? '')}</b>
          {quoted.text?.slice(0, 160) ?? t('row.noText')}
        </div>
      ) : null}
      {message.subject ? <div className="subject">{message.subject}</div> : null}
      {message.text ? <Linked text={message.text} /> : <span className="muted">{t('message.unsupported')}</span>}
      {message.fields?.length ? (
        <dl>
          {message.fields.map((field) => (
            <Field key={field.name} name={field.name} value={field.value} />
          ))}
        </dl>
      ) : null}
      {message.attachments.map((file) => (
        <File key={file.id} file={file} />
      ))}
    </>
  );
}

/** What else a form carried; a ticked box says yes. */
function Field({ name, value }: { name: string; value: string }) {
  const t = useT();
  const said = value === 'true' ? t('yes') : value === 'false' ? t('no') : value;
  return (
    <>
      <dt>{name}</dt>
      <dd>{said}</dd>
    </>
  );
}

function File({ file }: { file: Message['attachments'][number] }) {
  const t = useT();
  const format = useFormat();
  const kind = file.filename.split('.').pop()?.slice(0, 4).toUpperCase() ?? '';
  return (
    <a className="file" href={file.url} target="_blank" rel="noreferrer">
      <span className="ic" aria-hidden="true">
        {kind}
      </span>
      <span className="grow">
        <b className="clip" title={file.filename}>
          {file.filename}
        </b>
        <span className="small muted">{t('message.kilobytes', { size: format.number(Math.max(1, Math.round(file.size / 1024))) })}</span>
      </span>
    </a>
  );
}

function Note({ message }: { message: Message }) {
  const t = useT();
  return (
    <div className="note">
      <div className="hd">
        <Icon name="lock" size="xs" />
        <b className="clip">{message.author?.name}</b>
        <span className="end">
          <Time at={message.sentAt} style="clock" /> · {t('message.note')}
        </span>
      </div>
      <Linked text={message.text ?? ''} />
    </div>
  );
}
