import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreatedInvitation, Invitation } from '../../../../contract/invitations.ts';
import { call } from '../../../api.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { freshMs, queryClient } from '../../../queries.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Menu, MenuItem, MenuRule } from '../../../ui/menu.tsx';
import { roleName } from '../role-choice.tsx';
import { LinkDialog } from './invite-dialog.tsx';
import { invitationsQuery } from './queries.ts';

type Asked = { what: 'resend' | 'revoke'; invitation: Invitation };

/** Who was invited and has not come yet; nothing where nobody is expected. */
export function Pending() {
  const t = useT();
  const invitations = useQuery({ ...invitationsQuery, refetchInterval: freshMs });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [renewed, setRenewed] = useState<CreatedInvitation | null>(null);
  if (invitations.isError)
    return <ErrorPane title={t('members.error')} error={invitations.error} onRetry={() => void invitations.refetch()} />;
  const open = invitations.data ?? [];
  return (
    <>
      {open.length > 0 ? (
        <section className="stack">
          <h2 className="caps">{t('invite.pending')}</h2>
          <ul className="rows">
            {open.map((invitation) => (
              <PendingRow key={invitation.id} invitation={invitation} onAsk={(what) => setAsked({ what, invitation })} />
            ))}
          </ul>
        </section>
      ) : null}
      {asked ? <Question asked={asked} onClose={() => setAsked(null)} onRenewed={setRenewed} /> : null}
      {renewed ? <LinkDialog invitation={renewed} onClose={() => setRenewed(null)} /> : null}
    </>
  );
}

function PendingRow({ invitation, onAsk }: { invitation: Invitation; onAsk: (what: Asked['what']) => void }) {
  const t = useT();
  const format = useFormat();
  const isOver = Date.parse(invitation.expiresAt) <= Date.now();
  const more = [
    invitation.invitedBy ? t('invite.by', { name: invitation.invitedBy.name }) : null,
    ...invitation.teams.map(({ name }) => name),
  ].filter((part) => part !== null);
  return (
    <li className="line">
      <span className="tile">
        <Icon name="mail" />
      </span>
      <span className="grow">
        <b className="clip" title={invitation.email}>
          {invitation.email}
        </b>
        <span className="small muted clip" title={more.join(' · ')}>
          {more.join(' · ')}
        </span>
      </span>
      <span className={`chip hide-s${isOver ? ' warn' : ''}`} title={format.exact(invitation.expiresAt)}>
        {isOver ? t('invite.expired') : t('invite.expires', { at: format.short(invitation.expiresAt) })}
      </span>
      <span className="chip role">
        <span className="clip" title={roleName(invitation, t)}>
          {roleName(invitation, t)}
        </span>
      </span>
      <Menu align="end" trigger={<IconButton icon="more" label={t('members.more', { name: invitation.email })} />}>
        <MenuItem icon="link" onSelect={() => onAsk('resend')}>
          {t('invite.resend')}
        </MenuItem>
        <MenuRule />
        <MenuItem icon="x" danger onSelect={() => onAsk('revoke')}>
          {t('invite.revoke')}
        </MenuItem>
      </Menu>
    </li>
  );
}

function Question({ asked, onClose, onRenewed }: { asked: Asked; onClose: () => void; onRenewed: (renewed: CreatedInvitation) => void }) {
  const t = useT();
  const { id, email } = asked.invitation;
  const readAgain = () => queryClient.invalidateQueries(invitationsQuery);
  if (asked.what === 'revoke') {
    const revoke = async () => {
      await call(paths.invitation(id), { method: 'DELETE' });
      await readAgain();
    };
    return (
      <Confirm
        title={t('invite.revokeAsk', { email })}
        text={t('invite.revokeText')}
        verb={t('invite.revoke')}
        onClose={onClose}
        run={revoke}
      />
    );
  }
  const resend = async () => {
    onRenewed(await call<CreatedInvitation>(paths.invitationResend(id), { method: 'POST' }));
    await readAgain();
  };
  return (
    <Confirm
      title={t('invite.resendAsk', { email })}
      text={t('invite.resendText')}
      verb={t('invite.resend')}
      look="solid"
      onClose={onClose}
      run={resend}
    />
  );
}
