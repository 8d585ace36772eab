import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../../../contract/members.ts';
import { useT } from '../../../i18n/use-t.ts';
import { freshMs, membersQuery } from '../../../queries.ts';
import { useMay } from '../../../session.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ListSkeleton, SectionHead } from '../parts.tsx';
import { ChangeRole, Remove, Suspend } from './dialogs.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberRow } from './member-row.tsx';
import { Pending } from './pending.tsx';

export type Ask = 'role' | 'suspend' | 'remove';

/** The people of the account, and those who are expected. */
export default function MembersPage() {
  const t = useT();
  const members = useQuery({ ...membersQuery, refetchInterval: freshMs });
  const mayManage = useMay('member.manage');
  const [isInviting, setInviting] = useState(false);
  const [asked, setAsked] = useState<{ what: Ask; member: Member } | null>(null);
  if (members.isError) return <ErrorPane title={t('members.error')} error={members.error} onRetry={() => void members.refetch()} />;
  const all = members.data ?? [];
  const isOnlyAdmin = (member: Member) =>
    member.role === 'admin' && all.filter(({ role, status }) => role === 'admin' && status === 'active').length === 1;
  const invite = mayManage ? (
    <Button look="solid" onClick={() => setInviting(true)}>
      <Icon name="plus" size="s" />
      {t('invite.do')}
    </Button>
  ) : undefined;
  const close = () => setAsked(null);
  return (
    <div className="col">
      <SectionHead title={t('members.title')} lead={t('members.lead')} action={invite} />
      {members.data ? (
        <ul className="rows">
          {all.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              isOnlyAdmin={isOnlyAdmin(member)}
              onAsk={mayManage ? (what) => setAsked({ what, member }) : undefined}
            />
          ))}
        </ul>
      ) : (
        <ListSkeleton />
      )}
      {mayManage && members.data ? <Pending /> : null}
      {isInviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
      {asked?.what === 'role' ? <ChangeRole member={asked.member} onClose={close} /> : null}
      {asked?.what === 'suspend' ? <Suspend member={asked.member} onClose={close} /> : null}
      {asked?.what === 'remove' ? <Remove member={asked.member} onClose={close} /> : null}
    </div>
  );
}
