import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Conversation } from '../../../contract/conversation.ts';
import type { Inbox } from '../../../contract/inbox.ts';
import { showLabel } from '../../i18n/label.ts';
import { useT } from '../../i18n/use-t.ts';
import { useKeys } from '../../keyboard.ts';
import { useTyping, useViewing } from '../../presence.ts';
import { membersQuery } from '../../queries.ts';
import { useMay } from '../../session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { phone, useMedia } from '../../use-media.ts';
import { AssignMenu } from './assign-menu.tsx';

interface ThreadHeaderProps {
  conversation: Conversation | undefined;
  inbox: Inbox | undefined;
  isContextOpen: boolean;
  onContext: () => void;
  onBack: () => void;
  onToggleClosed: () => void;
  onUnread: () => void;
  run: (act: () => Promise<void>) => Promise<boolean>;
}

/** Who is being answered, who else looks on, and what can be done with the whole. */
export function ThreadHeader({ conversation, inbox, isContextOpen, onContext, onBack, onToggleClosed, onUnread, run }: ThreadHeaderProps) {
  const t = useT();
  const isPhone = useMedia(phone);
  const mayWrite = useMay('conversation.write');
  const [isAssigning, setAssigning] = useState(false);
  useKeys({ a: () => mayWrite && setAssigning(true) });
  if (!conversation) return <HeaderGhost isPhone={isPhone} onBack={onBack} />;
  const isClosed = conversation.status === 'closed';
  const toggle = t(isClosed ? 'thread.reopen' : 'thread.close');
  return (
    <header className="bar">
      {isPhone ? <IconButton icon="left" label={t('thread.back')} onClick={onBack} /> : null}
      <div className="grow" style={{ paddingRight: 8 }}>
        <h2 className="who clip" title={showLabel(conversation.contact.label, t)}>
          {showLabel(conversation.contact.label, t)}
        </h2>
        <SecondLine conversation={conversation} inbox={inbox} />
      </div>
      {mayWrite ? (
        <AssignMenu conversation={conversation} open={isAssigning} onOpenChange={setAssigning} run={run} isSmall={isPhone} />
      ) : null}
      {mayWrite ? (
        <Tooltip text={toggle} keyName="E">
          <Button size="s" className={isPhone ? 'icon' : ''} onClick={onToggleClosed} aria-label={toggle}>
            <Icon name={isClosed ? 'retry' : 'check'} size="s" />
            {isPhone ? null : toggle}
          </Button>
        </Tooltip>
      ) : null}
      <Menu align="end" trigger={<IconButton icon="more" label={t('thread.more')} />}>
        {mayWrite ? (
          <MenuItem icon="eye" keyName="U" onSelect={onUnread}>
            {t('thread.markUnread')}
          </MenuItem>
        ) : null}
        <MenuItem icon="side" keyName="." onSelect={onContext}>
          {t(isContextOpen ? 'context.hide' : 'context.show')}
        </MenuItem>
      </Menu>
    </header>
  );
}

/** The inbox, and who else reads or writes here now. */
function SecondLine({ conversation, inbox }: { conversation: Conversation; inbox: Inbox | undefined }) {
  const t = useT();
  const members = useQuery(membersQuery).data ?? [];
  const viewing = useViewing(conversation.id);
  const typing = useTyping(conversation.id);
  const nameOf = (id: string) =>
    (id === conversation.contact.id
      ? showLabel(conversation.contact.label, t)
      : (members.find((member) => member.id === id)?.name ?? '')
    ).split(' ')[0];
  const typists = typing.map(nameOf).filter(Boolean).join(', ');
  const viewers = viewing.map(nameOf).filter(Boolean).join(', ');
  const said = typists
    ? t('thread.typing', { names: typists, count: typing.length })
    : viewers
      ? t('thread.viewing', { names: viewers, count: viewing.length })
      : '';
  return (
    <div className="sub">
      <ChannelGlyph channel={conversation.channel} />
      <span className="clip">
        {inbox?.name ?? t(`channel.${conversation.channel}`)}
        {conversation.subject ? ` · ${conversation.subject}` : ''}
        <span role="status">{said ? <span className="live"> · {said}</span> : null}</span>
      </span>
    </div>
  );
}

function HeaderGhost({ isPhone, onBack }: { isPhone: boolean; onBack: () => void }) {
  const t = useT();
  return (
    <header className="bar">
      {isPhone ? <IconButton icon="left" label={t('thread.back')} onClick={onBack} /> : null}
      <span className="grow stack late">
        <span className="sk" style={{ width: 180, height: 12 }} />
        <span className="sk" style={{ width: 120, height: 8 }} />
      </span>
    </header>
  );
}
