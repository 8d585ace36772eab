import { useQuery } from '@tanstack/react-query';
import type { Conversation } from '../../../contract/conversation.ts';
import { useT } from '../../i18n/use-t.ts';
import { membersQuery, teamsQuery } from '../../queries.ts';
import { useMe } from '../../session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuChoice, MenuLabel, MenuRule } from '../../ui/menu.tsx';
import { assignConversation, assignTeam } from './actions.ts';

interface AssignMenuProps {
  conversation: Conversation;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  run: (act: () => Promise<void>) => Promise<boolean>;
  isSmall: boolean;
}

/** Who answers. Oneself stands first. */
export function AssignMenu({ conversation, open, onOpenChange, run, isSmall }: AssignMenuProps) {
  const t = useT();
  const me = useMe();
  const members = (useQuery(membersQuery).data ?? []).filter((member) => member.status === 'active');
  const sorted = [...members.filter((member) => member.id === me?.id), ...members.filter((member) => member.id !== me?.id)];
  const teams = useQuery(teamsQuery).data ?? [];
  const { assignee, team: current } = conversation;
  const assign = (member: Conversation['assignee']) => void run(() => assignConversation(conversation.id, member));
  const label = assignee ? t('assign.current', { name: assignee.name }) : t('assign.nobody');
  return (
    <Menu
      align="end"
      open={open}
      onOpenChange={onOpenChange}
      trigger={
        <button type="button" className={`btn s quiet${isSmall ? ' icon' : ''}`} aria-label={label} title={`${label} (A)`}>
          {assignee ? <Avatar id={assignee.id} name={assignee.name} size="xs" /> : <Icon name="user" size="s" />}
          {isSmall ? null : (
            <>
              <span className="clip" style={{ maxWidth: 96 }}>
                {assignee ? assignee.name.split(' ')[0] : t('assign.do')}
              </span>
              <Icon name="down" size="xs" />
            </>
          )}
        </button>
      }
    >
      {sorted.map((member) => (
        <MenuChoice
          key={member.id}
          chosen={member.id === assignee?.id}
          lead={<Avatar id={member.id} name={member.name} size="s" />}
          onSelect={() => assign({ id: member.id, name: member.name })}
        >
          {member.id === me?.id ? t('assign.me', { name: member.name }) : member.name}
        </MenuChoice>
      ))}
      <MenuRule />
      <MenuChoice chosen={!assignee} lead={<span className="av s nobody" />} onSelect={() => assign(null)}>
        {t('assign.nobody')}
      </MenuChoice>
      {teams.length > 0 ? (
        <>
          <MenuRule />
          <MenuLabel>{t('assign.teams')}</MenuLabel>
          {teams.map(({ id, name }) => (
            <MenuChoice
              key={id}
              chosen={id === current?.id}
              lead={<Icon name="team" />}
              onSelect={() => void run(() => assignTeam(conversation.id, { id, name }))}
            >
              {name}
            </MenuChoice>
          ))}
          <MenuChoice chosen={!current} lead={<Icon name="x" />} onSelect={() => void run(() => assignTeam(conversation.id, null))}>
            {t('assign.noTeam')}
          </MenuChoice>
        </>
      ) : null}
    </Menu>
  );
}
