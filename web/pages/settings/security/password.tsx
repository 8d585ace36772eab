import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../../api.ts';
import { explainProblem } from '../../../forms/explain.ts';
import { useT } from '../../../i18n/use-t.ts';
import { passwordFault } from '../../../password-fault.ts';
import { paths } from '../../../paths.ts';
import { Problem } from '../../../problem.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { PasswordField } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { refreshSecurity, refreshSessions } from './queries.ts';

/** The password: changed with the one before, or chosen by somebody who has none. */
export function Password({ hasPassword }: { hasPassword: boolean }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  return (
    <section className="block">
      <h2>{t('security.password')}</h2>
      <p className="soft">{t(hasPassword ? 'security.passwordText' : 'security.passwordNone')}</p>
      {isDone ? (
        <div className="banner ok" role="status">
          <Icon name="check" />
          <span>{t('security.passwordDone')}</span>
        </div>
      ) : null}
      <Button style={{ justifySelf: 'start' }} onClick={() => setOpen(true)}>
        {t(hasPassword ? 'security.passwordChange' : 'security.passwordSet')}
      </Button>
      {isOpen ? (
        <PasswordDialog
          hasPassword={hasPassword}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            setDone(true);
            void refreshSecurity();
            void refreshSessions();
          }}
        />
      ) : null}
    </section>
  );
}

interface PasswordDialogProps {
  hasPassword: boolean;
  onClose: () => void;
  onDone: () => void;
}

function PasswordDialog({ hasPassword, onClose, onDone }: PasswordDialogProps) {
  const t = useT();
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ defaultValues: { currentPassword: '', password: '' }, shouldUnregister: true });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (given) => {
    setRefusal(null);
    try {
      await call(paths.password, { method: 'PUT', body: given });
      onDone();
    } catch (error) {
      const fault = passwordFault(error);
      if (fault) form.setError('password', { message: t(fault) }, { shouldFocus: true });
      else if (error instanceof Problem && error.errors.some(({ path }) => path === 'currentPassword'))
        form.setError('currentPassword', { message: t('security.passwordWrong') }, { shouldFocus: true });
      else setRefusal(explainProblem(error, t));
    }
  });
  const title = t(hasPassword ? 'security.passwordChange' : 'security.passwordSet');
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form="new-password" look="solid" busy={isSubmitting}>
            {title}
          </Button>
        </>
      }
    >
      <form
        id="new-password"
        className="stack"
        style={{ gap: 16, marginTop: 12 }}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {hasPassword ? (
          <PasswordField
            label={t('security.passwordCurrent')}
            autoComplete="current-password"
            error={errors.currentPassword ? errors.currentPassword.message || t('signIn.passwordMissing') : undefined}
            {...form.register('currentPassword', { required: true })}
          />
        ) : null}
        <PasswordField
          label={t('reset.password')}
          hint={t('reset.hint')}
          autoComplete="new-password"
          error={errors.password ? errors.password.message || t('reset.short') : undefined}
          {...form.register('password', { required: true, minLength: 10, maxLength: 256 })}
        />
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
