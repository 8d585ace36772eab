import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useT } from '../i18n/use-t.ts';
import { paths } from '../paths.ts';
import { usePresence } from '../presence.ts';
import { countsQuery } from '../queries.ts';
import { useMay, useMe } from '../session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { ProfileMenu } from './profile-menu.tsx';

/** The places of the product that exist, and who is here. */
export function Rail({ onHelp }: { onHelp: () => void }) {
  const t = useT();
  const me = useMe();
  const presence = usePresence(me?.id);
  const mayRead = useMay('conversation.read');
  const unread = useQuery({ ...countsQuery, enabled: mayRead }).data?.unread.all ?? 0;
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      <span className="logo" title="Guichet">
        <Icon name="logo" />
      </span>
      {mayRead ? (
        <Tooltip text={t('nav.inbox')} side="right">
          <Link
            to="/inbox/{-$view}/{-$conversationId}"
            params={{}}
            activeProps={{ className: 'on' }}
            aria-label={unread ? t('nav.inboxUnread', { count: unread }) : t('nav.inbox')}
          >
            <Icon name="inbox" size="l" />
            {unread ? <span className="b num">{unread > 99 ? '99+' : unread}</span> : null}
          </Link>
        </Tooltip>
      ) : null}
      <Tooltip text={t('nav.settings')} side="right">
        <Link to="/settings/{-$section}/{-$item}" params={{}} activeProps={{ className: 'on' }} aria-label={t('nav.settings')}>
          <Icon name="gear" size="l" />
        </Link>
      </Tooltip>
      <span className="end">
        {me?.account.isDemo ? (
          <Tooltip text={t('demo.customer')} side="right">
            <a href={paths.demoCustomer} target="_blank" rel="noreferrer" aria-label={t('demo.customer')}>
              <Icon name="send" size="l" />
            </a>
          </Tooltip>
        ) : null}
        <Tooltip text={t('nav.help')} keyName="?" side="right">
          <button type="button" className="rb" aria-label={t('nav.help')} onClick={onHelp}>
            <Icon name="help" size="l" />
          </button>
        </Tooltip>
        {me ? (
          <ProfileMenu side="right">
            <button type="button" className="who" aria-label={t('nav.profile', { name: me.name })}>
              <Avatar id={me.id} name={me.name} presence={presence} />
            </button>
          </ProfileMenu>
        ) : null}
      </span>
    </nav>
  );
}
