import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import type { Team } from '../../../../contract/teams.ts';
import { call } from '../../../api.ts';
import { FormDialog } from '../../../forms/form-dialog.tsx';
import { useSubmit } from '../../../forms/use-submit.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Problem } from '../../../problem.ts';
import { queryClient, teamsQuery } from '../../../queries.ts';
import { TextField } from '../../../ui/field.tsx';

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
    <FormDialog
      title={t('teams.new')}
      verb={t('teams.new')}
      isSubmitting={isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextField
        label={t('teams.name')}
        error={errors.name ? errors.name.message || t('form.needed') : undefined}
        {...form.register('name', { required: true, maxLength: 120 })}
      />
    </FormDialog>
  );
}
