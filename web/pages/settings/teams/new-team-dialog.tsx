import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import type { Team } from '../../../../contract/teams.ts';
import { call } from '../../../api.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Problem } from '../../../problem.ts';
import { queryClient, teamsQuery } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';

/** A team begins with its name; who is in it comes next. */
export function NewTeamDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const form = useForm<{ name: string }>({ defaultValues: { name: '' } });
  const { errors, isSubmitting } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async ({ name }) => {
    try {
      const team = await call<Team>(paths.teams, { method: 'POST', body: { name: name.trim() } });
      await queryClient.invalidateQueries(teamsQuery);
      await navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'teams', item: team.id } });
      onClose();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error;
      form.setError('name', { message: t('teams.nameTaken') });
    }
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('teams.new')}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form="new-team" look="solid" busy={isSubmitting}>
            {t('teams.new')}
          </Button>
        </>
      }
    >
      <form id="new-team" className="stack" style={{ gap: 16, marginTop: 12 }} noValidate onSubmit={onSubmit}>
        <TextField
          label={t('teams.name')}
          error={errors.name ? errors.name.message || t('form.needed') : undefined}
          {...form.register('name', { required: true, maxLength: 120 })}
        />
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
