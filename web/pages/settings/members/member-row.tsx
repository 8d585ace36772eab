import type { Member } from '../../../../contract/members.ts';
import { call } from '../../../api.ts';
import { useAct } from '../../../forms/use-act.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { membersQuery, queryClient } from '../../../queries.ts';
import { useMe } from '../../../session.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { Menu, MenuItem, MenuRule } from '../../../ui/menu.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { Time } from '../../../ui/time.tsx';
import { roleName } from '../role-choice.tsx';
import type { Ask } from './page.tsx';

interface MemberRowProps {
  member: Member;
  isOnlyAdmin: boolean;
  /** Missing where the viewer may change nobody. */
  onAsk: ((what: Ask) => void) | undefined;
}

/** One person: who, in which role and teams, when last here, and what can be changed. */
export function MemberRow({ member, isOnlyAdmin, onAsk }: MemberRowProps) {
  const t = useT();
  const me = useMe();
  const { refusal, act } = useAct();
  const held = new Set(me?.permissions);
  // A closed door says why.
  const reason = isOnlyAdmin
    ? t('members.lastAdmin')
    : member.permissions.some((one) => !held.has(one))
      ? t('members.holdsMore')
      : undefined;
  const about = [member.email, ...member.teams.map(({ name }) => name)].join(' · ');
  const isSuspended = member.status === 'suspended';
  const resume = () =>
    act(async () => {
      await call(paths.member(member.id), { method: 'PATCH', body: { status: 'active' } });
      await queryClient.invalidateQueries(membersQuery);
    });
  return (
    <li>
      <div className="line">
        <Avatar id={member.id} name={member.name} />
        <span className="grow">
          <b className="clip" title={member.name}>
            {member.id === me?.id ? t('members.you', { name: member.name }) : member.name}
          </b>
          <span className="small muted clip" title={about}>
            {about}
          </span>
        </span>
        <span className="small muted hide-s use">
          {member.lastSeenAt ? (
            <>
              {t('members.lastSeen')} <Time at={member.lastSeenAt} />
            </>
          ) : (
            t('members.never')
          )}
        </span>
        {isSuspended ? <span className="chip warn">{t('members.suspended')}</span> : null}
        <span className="chip role">
          <span className="clip" title={roleName(member, t)}>
            {roleName(member, t)}
          </span>
        </span>
        {onAsk ? (
          <Menu align="end" trigger={<IconButton icon="more" label={t('members.more', { name: member.name })} />}>
            <MenuItem icon="shield" disabled={reason !== undefined} onSelect={() => onAsk('role')}>
              {t('members.changeRole')}
            </MenuItem>
            <MenuItem
              icon={isSuspended ? 'retry' : 'lock'}
              disabled={reason !== undefined}
              onSelect={() => void (isSuspended ? resume() : onAsk('suspend'))}
            >
              {t(isSuspended ? 'members.resume' : 'members.suspend')}
            </MenuItem>
            <MenuRule />
            <MenuItem icon="x" danger disabled={reason !== undefined} onSelect={() => onAsk('remove')}>
              {t('members.remove')}
            </MenuItem>
            {reason ? <p className="why small muted">{reason}</p> : null}
          </Menu>
        ) : null}
      </div>
      <Refusal text={refusal} />
    </li>
  );
}
