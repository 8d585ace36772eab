import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../api.ts';
import { settleConfirmation } from '../confirmation.ts';
import { explainProblem } from '../forms/explain.ts';
import { useAct } from '../forms/use-act.ts';
import { useT } from '../i18n/use-t.ts';
import { securityQuery } from '../pages/settings/security/queries.ts';
import { mayHavePasskeys } from '../passkeys.ts';
import { paths } from '../paths.ts';
import { Problem } from '../problem.ts';
import { useMe } from '../session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PasswordField, TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Refusal } from '../ui/refusal.tsx';

/** Asks again who is here, before something that concerns their access. What was begun goes on with a yes. */
export function Confirmation() {
  const t = useT();
  const security = useQuery(securityQuery);
  const [wanted, setWanted] = useState<'password' | 'totp' | null>(null);
  const hasPassword = security.data?.hasPassword ?? true;
  const hasTotp = security.data?.totp.enabled ?? false;
  const kind = wanted ?? (hasPassword ? 'password' : 'totp');
  const cancel = () => settleConfirmation(false);
  const hasPasskey = (security.data?.passkeys.length ?? 0) > 0 && mayHavePasskeys();
  if (!hasPassword && !hasTotp && !hasPasskey)
    return (
      <Dialog open onOpenChange={cancel} title={t('confirm.title')} foot={<Button onClick={cancel}>{t('form.cancel')}</Button>}>
        <p className="soft" style={{ marginTop: 8 }}>
          {t('confirm.again')}
        </p>
      </Dialog>
    );
  if (!hasPassword && !hasTotp)
    return (
      <Dialog open onOpenChange={cancel} title={t('confirm.title')} foot={<Button onClick={cancel}>{t('form.cancel')}</Button>}>
        <div className="stack" style={{ gap: 16, marginTop: 8 }}>
          <p className="soft">{t('confirm.text')}</p>
          <PasskeyButton isOnly />
        </div>
      </Dialog>
    );
  return (
    <ProofDialog key={kind} kind={kind} hasPasskey={hasPasskey} onOther={hasPassword && hasTotp ? setWanted : null} onCancel={cancel} />
  );
}

/** A passkey is a proof too, and the quickest. */
function PasskeyButton({ isOnly = false }: { isOnly?: boolean }) {
  const t = useT();
  const { isBusy, refusal, act } = useAct();
  const prove = () =>
    act(async () => {
      const { askPasskeyChallenge, showPasskey } = await import('../passkey-proof.ts');
      const passkey = await showPasskey(await askPasskeyChallenge());
      if (!passkey) return;
      await call(paths.confirmation, { method: 'POST', body: { passkey } });
      settleConfirmation(true);
    });
  return (
    <>
      <Button look={isOnly ? 'solid' : 'plain'} size="l" wide busy={isBusy} onClick={() => void prove()}>
        <Icon name="key" />
        {t('signIn.passkey')}
      </Button>
      <Refusal text={refusal} />
      {isOnly ? null : <div className="or">{t('confirm.or')}</div>}
    </>
  );
}

interface ProofDialogProps {
  kind: 'password' | 'totp';
  hasPasskey: boolean;
  onOther: ((kind: 'password' | 'totp') => void) | null;
  onCancel: () => void;
}

function ProofDialog({ kind, hasPasskey, onOther, onCancel }: ProofDialogProps) {
  const t = useT();
  const email = useMe()?.email;
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ defaultValues: { proof: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ proof }) => {
    setRefusal(null);
    try {
      await call(paths.confirmation, { method: 'POST', body: kind === 'password' ? { password: proof } : { totp: proof.trim() } });
      settleConfirmation(true);
    } catch (error) {
      if (error instanceof Problem && error.code === 'invalid_credentials')
        form.setError('proof', { message: t(kind === 'password' ? 'join.wrong' : 'code.wrong') }, { shouldFocus: true });
      else setRefusal(explainProblem(error, t));
    }
  });
  const field = form.register('proof', { required: true, maxLength: 256 });
  return (
    <Dialog
      open
      onOpenChange={onCancel}
      title={t('confirm.title')}
      foot={
        <>
          {onOther ? (
            <Button look="quiet" className="start" onClick={() => onOther(kind === 'password' ? 'totp' : 'password')}>
              {t(kind === 'password' ? 'confirm.withCode' : 'confirm.withPassword')}
            </Button>
          ) : null}
          <Button onClick={onCancel}>{t('form.cancel')}</Button>
          <Button type="submit" form="confirmation" look="solid" busy={isSubmitting}>
            {t('confirm.do')}
          </Button>
        </>
      }
    >
      <form
        id="confirmation"
        className="stack"
        style={{ gap: 16, marginTop: 8 }}
        noValidate
        onSubmit={(event) => {
          // It may stand over another form.
          event.preventDefault();
          event.stopPropagation();
          void submit();
        }}
      >
        <p className="soft">{t('confirm.text')}</p>
        {hasPasskey ? <PasskeyButton /> : null}
        {kind === 'password' ? (
          <>
            {/* Password managers look for the name that a password belongs to. */}
            <input type="email" autoComplete="username" value={email} readOnly hidden />
            <PasswordField
              label={t('signIn.password')}
              autoComplete="current-password"
              error={errors.proof ? errors.proof.message || t('signIn.passwordMissing') : undefined}
              {...field}
            />
          </>
        ) : (
          <TextField
            label={t('confirm.code')}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            error={errors.proof ? errors.proof.message || t('code.missing') : undefined}
            {...field}
          />
        )}
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}
