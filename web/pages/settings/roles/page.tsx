import { useQuery } from '@tanstack/react-query';
import { useT } from '../../../i18n/use-t.ts';
import { Problem } from '../../../problem.ts';
import { rolesQuery } from '../../../queries.ts';
import { useMay } from '../../../session.ts';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { ColumnSkeleton } from '../parts.tsx';
import type { SectionProps } from '../sections.ts';
import { RoleEditor } from './editor.tsx';
import { RoleList } from './list.tsx';

/** What each role may do, and roles of the account's own. */
export default function RolesPage({ item }: SectionProps) {
  const t = useT();
  const roles = useQuery(rolesQuery);
  const mayManage = useMay('role.manage');
  if (roles.isError) return <ErrorPane title={t('roles.error')} error={roles.error} onRetry={() => void roles.refetch()} />;
  if (!roles.data) return <ColumnSkeleton />;
  if (item === undefined) return <RoleList roles={roles.data} />;
  if (item === 'new') return <RoleEditor role={null} isReadOnly={!mayManage} />;
  const builtIn = roles.data.builtIn.find(({ role }) => role === item);
  if (builtIn) return <RoleEditor key={item} role={{ ...builtIn, name: t(`role.${builtIn.role}`) }} isReadOnly />;
  const custom = roles.data.items.find(({ id }) => id === item);
  if (!custom) return <ErrorPane title={t('roles.gone')} error={new Problem('not_found', 404, '')} />;
  return <RoleEditor key={item} role={custom} isReadOnly={!mayManage} />;
}
