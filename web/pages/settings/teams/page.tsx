import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Team } from '../../../../contract/teams.ts';
import { useT } from '../../../i18n/use-t.ts';
import { Problem } from '../../../problem.ts';
import { teamsQuery } from '../../../queries.ts';
import { useMay } from '../../../session.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Button } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ColumnSkeleton, SectionHead } from '../parts.tsx';
import type { SectionProps } from '../sections.ts';
import { TeamDetail } from './detail.tsx';
import { NewTeamDialog } from './new-team-dialog.tsx';

const to = '/settings/{-$section}/{-$item}';
const facesMax = 4;

/** Members who share work. */
export default function TeamsPage({ item }: SectionProps) {
  const t = useT();
  const teams = useQuery(teamsQuery);
  const mayManage = useMay('team.manage');
  const [isNew, setNew] = useState(false);
  if (teams.isError) return <ErrorPane title={t('teams.error')} error={teams.error} onRetry={() => void teams.refetch()} />;
  if (!teams.data) return <ColumnSkeleton />;
  const dialog = isNew ? <NewTeamDialog onClose={() => setNew(false)} /> : null;
  const create = mayManage ? (
    <Button look="solid" onClick={() => setNew(true)}>
      <Icon name="plus" size="s" />
      {t('teams.new')}
    </Button>
  ) : undefined;
  if (item) {
    const team = teams.data.find(({ id }) => id === item);
    if (!team) return <ErrorPane title={t('teams.gone')} error={new Problem('not_found', 404, '')} />;
    return <TeamDetail key={item} team={team} mayManage={mayManage} />;
  }
  if (teams.data.length === 0)
    return (
      <>
        <Empty title={t('teams.none')} text={t('teams.noneText')} action={create} />
        {dialog}
      </>
    );
  return (
    <div className="col">
      <SectionHead title={t('teams.title')} lead={t('teams.lead')} action={create} />
      <ul className="rows">
        {teams.data.map((team) => (
          <li key={team.id}>
            <Link to={to} params={{ section: 'teams', item: team.id }}>
              <span className="tile">
                <Icon name="team" />
              </span>
              <span className="grow">
                <b className="clip" title={team.name}>
                  {team.name}
                </b>
                <span className="small muted">{t('roles.members', { count: team.members.length })}</span>
              </span>
              <Faces team={team} />
              <Icon name="right" size="s muted" />
            </Link>
          </li>
        ))}
      </ul>
      {dialog}
    </div>
  );
}

function Faces({ team }: { team: Team }) {
  const rest = team.members.length - facesMax;
  return (
    <span className="faces hide-s" aria-hidden="true">
      {team.members.slice(0, facesMax).map(({ id, name }) => (
        <Avatar key={id} id={id} name={name} size="s" />
      ))}
      {rest > 0 ? <span className="small muted">+{rest}</span> : null}
    </span>
  );
}
