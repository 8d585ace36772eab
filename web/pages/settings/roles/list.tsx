import { Link } from '@tanstack/react-router';
import type { RoleList as Roles } from '../../../../contract/roles.ts';
import { grantablePermissions } from '../../../../contract/permissions.ts';
import { useT } from '../../../i18n/use-t.ts';
import { useMay } from '../../../session.ts';
import { Icon } from '../../../ui/icon.tsx';
import { SectionHead } from '../parts.tsx';

const to = '/settings/{-$section}/{-$item}';
const at = (item: string) => ({ section: 'roles', item });

/** The roles that every account has, and those that this one made. */
export function RoleList({ roles }: { roles: Roles }) {
  const t = useT();
  const mayManage = useMay('role.manage');
  const create = mayManage ? (
    <Link className="btn solid" to={to} params={at('new')}>
      <Icon name="plus" size="s" />
      {t('roles.new')}
    </Link>
  ) : undefined;
  const texts = { admin: t('role.adminText'), agent: t('role.agentText'), viewer: t('role.viewerText') };
  return (
    <div className="col">
      <SectionHead title={t('roles.title')} lead={t('roles.lead')} action={create} />
      {roles.items.length > 0 ? (
        <section className="stack">
          <h2 className="caps">{t('roles.own')}</h2>
          <ul className="rows">
            {roles.items.map((role) => (
              <RoleRow
                key={role.id}
                item={role.id}
                name={role.name}
                text={role.description}
                count={role.permissions.length}
                end={t('roles.members', { count: role.memberCount })}
              />
            ))}
          </ul>
        </section>
      ) : null}
      <section className="stack">
        <h2 className="caps">{t('roles.builtin')}</h2>
        <ul className="rows">
          {roles.builtIn.map(({ role, permissions }) => (
            <RoleRow key={role} item={role} name={t(`role.${role}`)} text={texts[role]} count={permissions.length} end="" />
          ))}
        </ul>
      </section>
    </div>
  );
}

function RoleRow({ item, name, text, count, end }: { item: string; name: string; text: string; count: number; end: string }) {
  const t = useT();
  const isAll = count === grantablePermissions.length;
  return (
    <li>
      <Link to={to} params={at(item)}>
        <span className="tile">
          <Icon name="shield" />
        </span>
        <span className="grow">
          <b className="clip" title={name}>
            {name}
          </b>
          <span className="small muted clip" title={text}>
            {text}
          </span>
        </span>
        <span className="small muted hide-s">{end}</span>
        <span className="chip">{isAll ? t('permission.all') : t('permission.some', { count })}</span>
        <Icon name="right" size="s muted" />
      </Link>
    </li>
  );
}
