import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import type { Me } from '../../../contract/auth.ts';
import { isModuleOn } from '../../../contract/modules.ts';
import type { Permission } from '../../../contract/permissions.ts';
import type { MessageId } from '../../i18n/index.ts';
import type { IconName } from '../../ui/icons.ts';

/** What a section's page is given: the part of the address behind the section's own. */
export interface SectionProps {
  item: string | undefined;
}

export type Group = 'personal' | 'inboxes' | 'account' | 'installation';

export interface Section {
  /** Its part of the address: /settings/members. */
  path: string;
  group: Group;
  icon: IconName;
  title: MessageId;
  /** null: open to every member. */
  permission: Permission | null;
  Page: LazyExoticComponent<ComponentType<SectionProps>>;
}

/** Every section there is, in the order of the list; each loads when it is opened. */
export const sections: Section[] = [
  {
    path: 'profile',
    group: 'personal',
    icon: 'user',
    title: 'profile.title',
    permission: null,
    Page: lazy(() => import('./profile/page.tsx')),
  },
  {
    path: 'security',
    group: 'personal',
    icon: 'lock',
    title: 'security.title',
    permission: null,
    Page: lazy(() => import('./security/page.tsx')),
  },
  {
    path: 'general',
    group: 'account',
    icon: 'shop',
    title: 'general.title',
    permission: 'account.read',
    Page: lazy(() => import('./general.tsx')),
  },
  {
    path: 'members',
    group: 'account',
    icon: 'people',
    title: 'members.title',
    permission: 'member.read',
    Page: lazy(() => import('./members/page.tsx')),
  },
  {
    path: 'roles',
    group: 'account',
    icon: 'shield',
    title: 'roles.title',
    permission: 'role.read',
    Page: lazy(() => import('./roles/page.tsx')),
  },
  {
    path: 'teams',
    group: 'account',
    icon: 'team',
    title: 'teams.title',
    permission: 'team.read',
    Page: lazy(() => import('./teams/page.tsx')),
  },
  {
    path: 'api-keys',
    group: 'account',
    icon: 'key',
    title: 'keys.title',
    permission: 'api_key.manage',
    Page: lazy(() => import('./api-keys/page.tsx')),
  },
  {
    path: 'audit',
    group: 'account',
    icon: 'clock',
    title: 'audit.title',
    permission: 'audit.read',
    Page: lazy(() => import('./audit/page.tsx')),
  },
  {
    path: 'inboxes',
    group: 'inboxes',
    icon: 'list',
    title: 'views.inboxes',
    permission: 'inbox.manage',
    Page: lazy(() => import('./inboxes/page.tsx')),
  },
  {
    path: 'accounts',
    group: 'installation',
    icon: 'accounts',
    title: 'accounts.title',
    permission: 'installation.manage',
    Page: lazy(() => import('./accounts/page.tsx')),
  },
];

export const groups: { group: Group; title: MessageId }[] = [
  { group: 'personal', title: 'settings.personal' },
  { group: 'account', title: 'settings.account' },
  { group: 'inboxes', title: 'views.inboxes' },
  { group: 'installation', title: 'settings.installation' },
];

export const findSection = (path: string | undefined): Section | undefined => sections.find((one) => one.path === path);

/** Whether the member may open it; the server decides again. */
export const isOpenTo = ({ permission }: Section, me: Me | null): boolean =>
  me !== null && (permission === null || (me.permissions.includes(permission) && isModuleOn(permission, new Set(me.account.modules))));
