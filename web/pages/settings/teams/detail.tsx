import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Team } from '../../../../contract/teams.ts';
import { call } from '../../../api.ts';
import { useAct } from '../../../forms/use-act.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { membersQuery, queryClient, teamsQuery } from '../../../queries.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { SectionHead } from '../parts.tsx';

const readAgain = () => Promise.all([queryClient.invalidateQueries(teamsQuery), queryClient.invalidateQueries(membersQuery)]);

/** One team: its name, and who is in it. */
export function TeamDetail({ team, mayManage }: { team: Team; mayManage: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const [name, setName] = useState(team.name);
  const [isDeleting, setDeleting] = useState(false);
  const { isBusy, refusal, act } = useAct();
  const rename = () =>
    act(async () => {
      await call(paths.team(team.id), { method: 'PATCH', body: { name: name.trim() } });
      await readAgain();
    });
  const remove = async () => {
    await call(paths.team(team.id), { method: 'DELETE' });
    await navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'teams', item: undefined } });
    await readAgain();
  };
  return (
    <div className="col">
      <SectionHead title={team.name} lead={t('teams.lead')} />
      <section className="block">
        <form
          className="stack"
          style={{ gap: 16 }}
          onSubmit={(event) => {
            event.preventDefault();
            void rename();
          }}
        >
          <TextField
            label={t('teams.name')}
            value={name}
            maxLength={120}
            readOnly={!mayManage}
            onChange={(event) => setName(event.target.value)}
          />
          <Refusal text={refusal} />
          {mayManage ? (
            <div className="row">
              <Button look="quiet" className="danger" onClick={() => setDeleting(true)}>
                {t('teams.delete')}
              </Button>
              <Button type="submit" look="solid" className="end" busy={isBusy} disabled={!name.trim() || name.trim() === team.name}>
                {t('form.save')}
              </Button>
            </div>
          ) : null}
        </form>
      </section>
      <TeamMembers team={team} mayManage={mayManage} />
      {isDeleting ? (
        <Confirm
          title={t('teams.deleteAsk', { name: team.name })}
          text={t('teams.deleteText')}
          verb={t('teams.delete')}
          onClose={() => setDeleting(false)}
          run={remove}
        />
      ) : null}
    </div>
  );
}

/** A tick puts somebody in or takes them out at once. */
function TeamMembers({ team, mayManage }: { team: Team; mayManage: boolean }) {
  const t = useT();
  const { isBusy, refusal, act } = useAct();
  const inTeam = new Set(team.members.map(({ id }) => id));
  const members = (useQuery(membersQuery).data ?? []).filter(({ id, status }) => status === 'active' || inTeam.has(id));
  const toggle = (memberId: string) =>
    act(async () => {
      await call(paths.teamMember(team.id, memberId), { method: inTeam.has(memberId) ? 'DELETE' : 'PUT' });
      await readAgain();
    });
  return (
    <fieldset className="ticks" disabled={!mayManage || isBusy}>
      <legend className="caps">{t('teams.members')}</legend>
      <div className="rows">
        {members.map((member) => (
          <label key={member.id} className="line tickbox">
            <input type="checkbox" checked={inTeam.has(member.id)} onChange={() => void toggle(member.id)} />
            <Avatar id={member.id} name={member.name} size="s" />
            <span className="clip" title={member.name}>
              {member.name}
            </span>
            <span className="small muted clip end hide-s">{member.email}</span>
          </label>
        ))}
      </div>
      <Refusal text={refusal} />
    </fieldset>
  );
}
