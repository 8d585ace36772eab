import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../../../contract/members.ts';
import { call } from '../../../api.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { membersQuery, queryClient } from '../../../queries.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { givenRole, RoleChoice, roleValue } from '../role-choice.tsx';

interface DialogProps {
  member: Member;
  onClose: () => void;
}

const readAgain = () => queryClient.invalidateQueries(membersQuery);

export function ChangeRole({ member, onClose }: DialogProps) {
  const t = useT();
  const [value, setValue] = useState(roleValue(member));
  const run = async () => {
    await call(paths.member(member.id), { method: 'PATCH', body: givenRole(value) });
    await readAgain();
  };
  return (
    <Confirm
      title={t('members.changeRoleOf', { name: member.name })}
      text={t('members.roleActs')}
      verb={t('members.changeRole')}
      look="solid"
      onClose={onClose}
      run={run}
    >
      <RoleChoice label={t('invite.role')} value={value} onChange={setValue} />
    </Confirm>
  );
}

export function Suspend({ member, onClose }: DialogProps) {
  const t = useT();
  const [handOverTo, setHandOverTo] = useState('');
  const run = async () => {
    const body = { status: 'suspended', ...(handOverTo ? { handOverTo } : {}) };
    await call(paths.member(member.id), { method: 'PATCH', body });
    await readAgain();
  };
  return (
    <Confirm
      title={t('members.suspendAsk', { name: member.name })}
      text={t('members.suspendText')}
      verb={t('members.suspend')}
      onClose={onClose}
      run={run}
    >
      <HandOver member={member} value={handOverTo} onChange={setHandOverTo} />
    </Confirm>
  );
}

export function Remove({ member, onClose }: DialogProps) {
  const t = useT();
  const [handOverTo, setHandOverTo] = useState('');
  const run = async () => {
    await call(paths.member(member.id, handOverTo), { method: 'DELETE' });
    await readAgain();
  };
  return (
    <Confirm
      title={t('members.removeAsk', { name: member.name })}
      text={t('members.removeText')}
      verb={t('members.remove')}
      onClose={onClose}
      run={run}
    >
      <HandOver member={member} value={handOverTo} onChange={setHandOverTo} />
    </Confirm>
  );
}

/** Who goes on with what somebody leaves behind. */
function HandOver({ member, value, onChange }: { member: Member; value: string; onChange: (value: string) => void }) {
  const t = useT();
  const others = (useQuery(membersQuery).data ?? []).filter(({ id, status }) => id !== member.id && status === 'active');
  return (
    <SelectField label={t('members.handOver')} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t('members.handOverNobody')}</option>
      {others.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
