import type { Permission } from '../../contract/permissions.ts';
import { useMe } from '../session.ts';
import { ModuleOff, NoPermission } from '../ui/error-pane.tsx';

/** What does not open: for want of a module of the account, or of a permission of the member. */
export function Closed({ permission }: { permission: Permission }) {
  return useMe()?.permissions.includes(permission) ? <ModuleOff /> : <NoPermission />;
}
