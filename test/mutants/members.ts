import type { Mutant } from './mutants.ts';

const members = 'server/members/members.test.ts';
const invitations = 'server/invitations/invitations.test.ts';
const roles = 'server/roles/roles.test.ts';

/** Members, roles and invitations. */
export const memberMutants: Mutant[] = [
  {
    name: 'the last admin is looked for without a lock',
    file: 'server/members/queries.ts',
    find: 'select from accounts where id = $1 for no key update',
    replace: 'select from accounts where id = $1',
    test: members,
    red: 'is not the point where three are: two who take each other the rights at once do not both succeed',
  },
  {
    name: 'rights are believed from the request and not read again',
    file: 'server/members/access.ts',
    find: 'return permissionsOfUser(tx, principal.userId);',
    replace: 'return principal.permissions;',
    test: members,
    red: 'is not the point where three are: two who take each other the rights at once do not both succeed',
  },
  {
    name: 'somebody who holds more can be changed',
    file: 'server/members/actions.ts',
    find: "  refuseMoreThanHeld(held, permissionsHeld(before), 'id');\n",
    replace: '',
    test: members,
    red: 'by changing a role, a status, or somebody who holds more',
  },
  {
    name: 'leaving one account ends the sessions of every other',
    file: 'server/auth/queries.ts',
    find: 'where user_id = $1 and account_id = $2 and revoked_at is null and expires_at > now() returning id',
    replace: 'where user_id = $1 and $2::uuid is not null and revoked_at is null and expires_at > now() returning id',
    test: members,
    red: 'end the sessions of this account within a second, on HTTP and sockets, in every process, and those of no other',
  },
  {
    name: 'work is handed over without the next seq',
    file: 'server/conversations/assignment-queries.ts',
    find: 'update conversations c set assignee_id = $3, seq = c.seq + 1',
    replace: 'update conversations c set assignee_id = $3',
    test: members,
    red: 'hand over what is open, told to screens, and leave what is closed',
  },
  {
    name: 'work is assigned to somebody who is being suspended',
    file: 'server/conversations/assignment-queries.ts',
    find: "and status = 'active' for share",
    replace: "and status = 'active'",
    test: members,
    red: 'leave nobody with work that was assigned at the same moment',
  },
  {
    name: 'any session accepts an invitation to somebody else',
    file: 'server/invitations/guest.ts',
    find: "bearer?.type === 'member' && bearer.userId === user.id",
    replace: "bearer?.type === 'member'",
    test: invitations,
    red: 'joins when signed in as themselves, or with their own password, and keeps that password',
  },
  {
    name: 'an invitation outlives what its inviter may do',
    file: 'server/invitations/accept.ts',
    find: "if (!held.has('member.manage') || grant.permissions.some((name) => !held.has(name))) throw over();",
    replace: 'if (held.size === 0) throw over();',
    test: invitations,
    red: 'nor resends, revokes or has accepted what they could give before they were demoted',
  },
  {
    name: 'a copied link proves the address',
    file: 'server/invitations/accept.ts',
    find: 'isByMail: mailedId !== undefined',
    replace: 'isByMail: true',
    test: invitations,
    red: 'proves the address only when its link came by mail',
  },
  {
    name: 'joining makes an old proof fresh',
    file: 'server/invitations/guest.ts',
    find: 'confirmedAt: bearer.confirmedAt',
    replace: 'confirmedAt: undefined',
    test: invitations,
    red: 'does not make an old proof fresh by joining',
  },
  {
    name: 'a role grows beyond what whoever changes it holds',
    file: 'server/roles/actions.ts',
    find: "  if (permissions) refuseMoreThanHeld(held, permissions, 'permissions');\n",
    replace: '',
    test: roles,
    red: 'when they make or change a role',
  },
  {
    name: 'a socket stays in rooms that its member may no longer hear',
    file: 'server/realtime/rooms.ts',
    find: 'await socket.leave(room);',
    replace: 'await Promise.resolve(room);',
    test: roles,
    red: 'without conversation.read hears nothing of conversations; taking it away ends what an open socket hears',
  },
];
