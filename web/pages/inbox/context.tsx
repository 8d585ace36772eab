import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { Contact, Conversation } from '../../../contract/conversation.ts';
import type { Channel } from '../../../contract/common.ts';
import { findConversation } from '../../cache.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { isLanguage, languages } from '../../i18n/index.ts';
import { showLabel } from '../../i18n/label.ts';
import { useT } from '../../i18n/use-t.ts';
import { contactConversationsQuery, contactQuery, conversationQuery, inboxesQuery } from '../../queries.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ChannelGlyph } from '../../ui/channel-glyph.tsx';
import { ErrorPane } from '../../ui/error-pane.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';

/** What is known about the person, and nothing that is not. */
export function Context({ conversationId, onClose, isSheet = false }: { conversationId: string; onClose: () => void; isSheet?: boolean }) {
  const t = useT();
  const conversation = useQuery({
    ...conversationQuery(conversationId),
    initialData: () => findConversation(conversationId),
    initialDataUpdatedAt: 0,
  }).data;
  return (
    <aside className="ctx" aria-label={t('context.label')}>
      <header className="bar">
        <h2 className="title" style={{ fontSize: 14 }}>
          {t('context.label')}
        </h2>
        <span className="end">
          <Tooltip text={t('context.hide')} keyName=".">
            <IconButton icon={isSheet ? 'x' : 'side'} label={t('context.hide')} onClick={onClose} />
          </Tooltip>
        </span>
      </header>
      <div className="scroll">
        {conversation ? (
          <>
            <Person contactId={conversation.contact.id} label={conversation.contact.label} />
            <About conversation={conversation} />
            <Others conversation={conversation} />
          </>
        ) : (
          <PersonGhost />
        )}
      </div>
    </aside>
  );
}

function Person({ contactId, label }: { contactId: string; label: string }) {
  const t = useT();
  const contact = useQuery(contactQuery(contactId));
  if (contact.isError) return <ErrorPane title={t('context.error')} error={contact.error} onRetry={() => void contact.refetch()} />;
  const { data } = contact;
  return (
    <section className="sec id">
      <div className="row" style={{ gap: 12 }}>
        <Avatar id={contactId} name={showLabel(label, t)} size="l" />
        <div className="grow">
          <h3>{showLabel(label, t)}</h3>
          {data?.company ? <div className="muted clip">{data.company}</div> : null}
        </div>
      </div>
      {data ? <Identities contact={data} /> : <IdentitiesGhost />}
    </section>
  );
}

const channelOf: Record<string, Channel> = {
  phone: 'sms',
  whatsapp: 'whatsapp',
  email: 'email',
  webchat: 'webchat',
  instagram: 'instagram',
  messenger: 'messenger',
  telegram: 'telegram',
};

function Identities({ contact }: { contact: Contact }) {
  const t = useT();
  const language = isLanguage(contact.language) ? languages[contact.language] : contact.language;
  // A visitor's key means nothing to a reader.
  const shown = contact.identities.filter((identity) => identity.kind !== 'webchat');
  return (
    <dl>
      {shown.map((identity) => (
        <Fact
          key={identity.id}
          lead={<ChannelGlyph channel={channelOf[identity.kind] ?? 'api'} />}
          isNumber={identity.value.startsWith('+')}
        >
          {showLabel(identity.value, t)}
        </Fact>
      ))}
      {language ? (
        <Fact lead={<Icon name="globe" />} title={t('context.language')}>
          {language}
        </Fact>
      ) : null}
    </dl>
  );
}

function IdentitiesGhost() {
  return (
    <dl className="late" aria-hidden="true">
      {['70%', '46%'].map((width) => (
        <Fragment key={width}>
          <dt />
          <dd style={{ height: 19, display: 'grid', alignItems: 'center' }}>
            <span className="sk" style={{ width }} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Fact({
  lead,
  title,
  isNumber = false,
  children,
}: {
  lead: React.ReactNode;
  title?: string;
  isNumber?: boolean;
  children: string;
}) {
  return (
    <>
      <dt title={title}>{lead}</dt>
      <dd className={isNumber ? 'num' : 'clip'} title={children}>
        {children}
      </dd>
    </>
  );
}

function About({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const format = useFormat();
  const inbox = useQuery(inboxesQuery).data?.find((one) => one.id === conversation.inboxId);
  return (
    <section className="sec">
      <div className="sh">
        <h3>{t('context.conversation')}</h3>
      </div>
      <dl className="kv">
        <dt>{t('context.inbox')}</dt>
        <dd className="clip">{inbox?.name ?? '—'}</dd>
        <dt>{t('context.status')}</dt>
        <dd>{t(`conversation.${conversation.status}`)}</dd>
        <dt>{t('context.assignee')}</dt>
        <dd className="clip">{conversation.assignee?.name ?? t('assign.nobody')}</dd>
        {conversation.team ? (
          <>
            <dt>{t('context.team')}</dt>
            <dd className="clip" title={conversation.team.name}>
              {conversation.team.name}
            </dd>
          </>
        ) : null}
        <dt>{t('context.priority')}</dt>
        <dd>{t(`priority.${conversation.priority}`)}</dd>
        <dt>{t('context.since')}</dt>
        <dd title={format.exact(conversation.createdAt)}>{format.short(conversation.createdAt)}</dd>
      </dl>
    </section>
  );
}

function Others({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const query = useQuery(contactConversationsQuery(conversation.contact.id));
  const others = (query.data ?? []).filter((one) => one.id !== conversation.id);
  if (query.isPending || !others.length) return null;
  return (
    <section className="sec">
      <div className="sh">
        <h3>{t('context.others')}</h3>
        <span className="count">{others.length}</span>
      </div>
      {others.map((one) => (
        <Link key={one.id} className="oc" to="/inbox/{-$view}/{-$conversationId}" params={{ view: 'all', conversationId: one.id }}>
          <ChannelGlyph channel={one.channel} />
          <span className="grow clip">{one.subject || one.lastMessage?.text || t('row.noText')}</span>
          <span className="muted small">
            <Time at={one.lastActivityAt} />
          </span>
        </Link>
      ))}
    </section>
  );
}

function PersonGhost() {
  return (
    <div className="sec late row" style={{ gap: 12 }}>
      <span className="sk round" style={{ width: 48, height: 48 }} />
      <span className="grow stack">
        <span className="sk" style={{ width: '70%' }} />
        <span className="sk" style={{ width: '45%' }} />
      </span>
    </div>
  );
}
