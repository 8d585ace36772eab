import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useT } from '../i18n/use-t.ts';
import { phone, useMedia } from '../use-media.ts';
import { countsQuery } from '../queries.ts';
import { useMay, useMe } from '../session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { ProfileMenu } from './profile-menu.tsx';

/** The rail of a phone; it leaves while a conversation is open. */
export function TabBar() {
  const t = useT();
  const me = useMe();
  const isPhone = useMedia(phone);
  const mayRead = useMay('conversation.read');
  const unread = useQuery({ ...countsQuery, enabled: mayRead }).data?.unread.all ?? 0;
  const { conversationId } = useParams({ strict: false });
  if (!isPhone || conversationId || !me) return null;
  return (
    <nav className="tabbar" aria-label={t('nav.label')}>
      {mayRead ? (
        <Link to="/inbox/{-$view}/{-$conversationId}" params={{}} activeProps={{ className: 'on' }}>
          <Icon name="inbox" size="l" />
          {t('nav.inboxShort')}
          {unread ? (
            <span className="b num">
              {unread > 99 ? '99+' : unread}
              <span className="sr">{t('list.unread')}</span>
            </span>
          ) : null}
        </Link>
      ) : null}
      <Link to="/settings/{-$section}/{-$item}" params={{}} activeProps={{ className: 'on' }}>
        <Icon name="gear" size="l" />
        {t('nav.settings')}
      </Link>
      <ProfileMenu side="top">
        <button type="button">
          <Avatar id={me.id} name={me.name} size="s" />
          {t('nav.me')}
        </button>
      </ProfileMenu>
    </nav>
  );
}
