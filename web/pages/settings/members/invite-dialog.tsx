import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { CreatedInvitation } from '../../../../contract/invitations.ts';
import { call } from '../../../api.ts';
import { FormDialog } from '../../../forms/form-dialog.tsx';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient, teamsQuery } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { givenRole, RoleChoice } from '../role-choice.tsx';
import { invitationsQuery } from './queries.ts';

interface InviteForm {
  email: string;
  role: string;
  teamIds: string[];
}

/** Invites somebody, and shows the link in case no mail goes out. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<CreatedInvitation | null>(null);
  return made ? (
    <LinkDialog invitation={made} onClose={onClose} onAgain={() => setMade(null)} />
  ) : (
    <Ask onClose={onClose} onMade={setMade} />
  );
}

function Ask({ onClose, onMade }: { onClose: () => void; onMade: (made: CreatedInvitation) => void }) {
  const t = useT();
  const teams = useQuery(teamsQuery).data ?? [];
  const form = useForm<InviteForm>({ defaultValues: { email: '', role: 'agent', teamIds: [] } });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async ({ email, role, teamIds }) => {
    const body = { email: email.trim(), ...givenRole(role), ...(teamIds.length > 0 ? { teamIds } : {}) };
    const made = await call<CreatedInvitation>(paths.invitations, { method: 'POST', body });
    await queryClient.invalidateQueries(invitationsQuery);
    onMade(made);
  });
  return (
    <FormDialog
      title={t('invite.title')}
      verb={t('invite.send')}
      isSubmitting={isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextField
        label={t('invite.email')}
        type="email"
        autoComplete="off"
        error={errors.email ? errors.email.message || t('invite.emailBad') : undefined}
        {...form.register('email', { required: true, pattern: /^[^@\s]+@[^@\s]+$/ })}
      />
      <RoleChoice
        label={t('invite.role')}
        value={form.watch('role')}
        onChange={(value) => form.setValue('role', value)}
        error={errors.role?.message}
      />
      {teams.length > 0 ? (
        <fieldset className="ticks">
          <legend className="label">{t('invite.teams')}</legend>
          {teams.map((team) => (
            <label key={team.id} className="tickbox">
              <input type="checkbox" value={team.id} {...form.register('teamIds')} />
              <span className="clip" title={team.name}>
                {team.name}
              </span>
            </label>
          ))}
        </fieldset>
      ) : null}
    </FormDialog>
  );
}

/** The link of an invitation: shown now, and never again. */
export function LinkDialog({
  invitation,
  onClose,
  onAgain,
}: {
  invitation: Pick<CreatedInvitation, 'email' | 'link'>;
  onClose: () => void;
  onAgain?: () => void;
}) {
  const t = useT();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('invite.done', { email: invitation.email })}
      foot={
        <>
          {onAgain ? <Button onClick={onAgain}>{t('invite.again')}</Button> : null}
          <Button look="solid" onClick={onClose}>
            {t('form.done')}
          </Button>
        </>
      }
    >
      <div className="stack" style={{ gap: 16, marginTop: 8 }}>
        <p className="soft">{t('invite.linkText')}</p>
        <CopyField label={t('invite.link')} value={invitation.link} />
      </div>
    </Dialog>
  );
}
