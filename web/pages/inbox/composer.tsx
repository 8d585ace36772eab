import { useEffect, useRef, useState } from 'react';
import type { Conversation } from '../../../contract/conversation.ts';
import type { Inbox } from '../../../contract/inbox.ts';
import { type Draft, keepDraft, readDraft } from '../../drafts.ts';
import { useT } from '../../i18n/use-t.ts';
import { useKeys } from '../../keyboard.ts';
import { sendMessage } from '../../outbox.ts';
import { useMe } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Key } from '../../ui/key.tsx';
import { Segments } from '../../ui/segments.tsx';
import { onComposeAgain } from './compose-again.ts';
import { refusalOf, replyRoom } from './composer-rules.ts';
import { useTellTyping } from './use-tell-typing.ts';
import { useNow } from '../../use-now.ts';
import { WindowLeft } from './window-left.tsx';

interface ComposerProps {
  conversationId: string;
  conversation: Conversation | undefined;
  inbox: Inbox | undefined;
  mayWrite: boolean;
}

/** The answer, or a note to the team. What the channel forbids is said before it is tried. */
export function Composer({ conversationId, conversation, inbox, mayWrite }: ComposerProps) {
  const t = useT();
  const now = useNow(30_000);
  const isReadOnly = useMe()?.account.isReadOnly ?? false;
  const [draft, setDraft] = useState<Draft>(() => readDraft(conversationId));
  const area = useRef<HTMLTextAreaElement>(null);
  const tellTyping = useTellTyping(conversationId);
  const change = (next: Draft) => {
    setDraft(next);
    keepDraft(conversationId, next);
  };
  useEffect(
    () => onComposeAgain(conversationId, (text) => setDraft((known) => ({ ...known, text: known.text ? `${known.text}\n${text}` : text }))),
    [conversationId],
  );
  useEffect(() => keepDraft(conversationId, draft), [conversationId, draft]);

  const refusal = conversation && inbox ? refusalOf(conversation, inbox, now) : null;
  const mode = refusal ? 'note' : draft.mode;
  const room = mode === 'note' ? 65_536 : replyRoom(inbox);
  const length = Array.from(draft.text).length;
  const text = draft.text.trim();
  const whyNot = !conversation ? 'loading' : text === '' ? 'empty' : length > room ? 'long' : null;

  const write = (nextMode: Draft['mode']) => {
    if (nextMode === 'message' && refusal) return;
    change({ ...draft, mode: nextMode });
    requestAnimationFrame(() => area.current?.focus());
  };
  useKeys({ r: () => write('message'), n: () => write('note') });
  const send = () => {
    if (whyNot) return area.current?.focus();
    sendMessage(conversationId, { text, kind: mode });
    tellTyping(false);
    change({ text: '', mode });
    area.current?.focus();
  };
  if (!mayWrite || isReadOnly)
    return (
      <div className="dock">
        <div className="banner" style={{ background: 'var(--pane-2)', color: 'var(--ink-2)' }}>
          <Icon name="lock" />
          <span>{t(isReadOnly ? 'composer.accountReadOnly' : 'composer.readOnly')}</span>
        </div>
      </div>
    );
  return (
    <div className="dock">
      <form
        className={`composer${mode === 'note' ? ' is-note' : ''}`}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {refusal ? (
          <div className="shut">
            <Icon name="lock" size="s" />
            <span>{t(`composer.shut.${refusal}`)}</span>
          </div>
        ) : null}
        <div className="top">
          <Segments
            label={t('composer.mode')}
            value={mode}
            onChange={write}
            segments={[
              {
                value: 'message',
                disabled: refusal !== null,
                title: refusal ? t(`composer.shut.${refusal}`) : undefined,
                label: (
                  <>
                    {conversation ? <ChannelGlyph channel={conversation.channel} /> : <Icon name="send" size="s" />}
                    {t('composer.reply')}
                  </>
                ),
              },
              {
                value: 'note',
                label: (
                  <>
                    <Icon name="lock" size="s" />
                    {t('composer.note')}
                  </>
                ),
              },
            ]}
          />
          <span className="end">
            {mode === 'note' ? t('composer.teamOnly') : <WindowLeft until={conversation?.windowExpiresAt ?? null} now={now} />}
          </span>
        </div>
        <textarea
          ref={area}
          rows={2}
          aria-label={t(mode === 'note' ? 'composer.notePlaceholder' : 'composer.replyPlaceholder')}
          placeholder={t(mode === 'note' ? 'composer.notePlaceholder' : 'composer.replyPlaceholder')}
          value={draft.text}
          onChange={(event) => {
            change({ text: event.target.value, mode });
            tellTyping(event.target.value !== '');
          }}
          onBlur={() => tellTyping(false)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
              event.preventDefault();
              send();
            } else if (event.key === 'Escape') {
              event.stopPropagation();
              area.current?.blur();
            }
          }}
        />
        <div className="tools">
          <span className="small muted num grow" role="status">
            {length > room * 0.8 ? <Count length={length} room={room} /> : draft.text ? t('composer.draftKept') : ''}
          </span>
          <Button
            type="submit"
            look="solid"
            size="s"
            disabled={whyNot !== null}
            title={whyNot ? t(`composer.cannot.${whyNot}`) : undefined}
          >
            {t(mode === 'note' ? 'composer.addNote' : 'composer.send')} <Key name="Mod+Enter" />
          </Button>
        </div>
      </form>
    </div>
  );
}

function Count({ length, room }: { length: number; room: number }) {
  const t = useT();
  return (
    <span className={length > room ? 'danger' : ''}>{t(length > room ? 'composer.tooLong' : 'composer.length', { length, room })}</span>
  );
}
