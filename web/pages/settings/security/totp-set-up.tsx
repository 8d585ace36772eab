import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useForm } from 'react-hook-form';
import type { RecoveryCodes, TotpEnrolment } from '../../../../contract/security.ts';
import { call } from '../../../api.ts';
import { explainProblem } from '../../../forms/explain.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Problem } from '../../../problem.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { phone, useMedia } from '../../../use-media.ts';

const QrCode = lazy(() => import('./qr-code.tsx').then((module) => ({ default: module.QrCode })));

interface TotpSetUpProps {
  onClose: () => void;
  onDone: (recoveryCodes: string[]) => void;
}

/** Links an authenticator app: a picture or a key goes in, six digits come back. */
export function TotpSetUp({ onClose, onDone }: TotpSetUpProps) {
  const t = useT();
  const isPhone = useMedia(phone);
  const [refusal, setRefusal] = useState<string | null>(null);
  const enrolment = useQuery({
    queryKey: ['totp-enrolment'],
    queryFn: () => call<TotpEnrolment>(paths.totp, { method: 'POST' }),
    // A secret of its own for each time that somebody begins, and asked for once.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const form = useForm({ defaultValues: { code: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ code }) => {
    setRefusal(null);
    try {
      const { recoveryCodes } = await call<RecoveryCodes>(paths.totp, {
        method: 'PUT',
        body: { code: code.replaceAll(/\s/g, '') },
      });
      onDone(recoveryCodes);
    } catch (error) {
      const isWrong =
        error instanceof Problem && (error.code === 'invalid_credentials' || error.errors.some(({ path }) => path === 'code'));
      if (isWrong) form.setError('code', { message: t('code.wrong') }, { shouldFocus: true });
      else setRefusal(explainProblem(error, t));
    }
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('totp.setUp')}
      foot={
        <>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
          <Button type="submit" form="totp" look="solid" busy={isSubmitting} disabled={!enrolment.data}>
            {t('totp.confirm')}
          </Button>
        </>
      }
    >
      <form
        id="totp"
        className="stack"
        style={{ gap: 16, marginTop: 8 }}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="soft">{t('totp.scan')}</p>
        {enrolment.isError ? (
          <Refusal text={explainProblem(enrolment.error, t)} />
        ) : (
          <>
            <Suspense fallback={<span className="qr sk" />}>
              {enrolment.data ? <QrCode text={enrolment.data.uri} label={t('totp.picture')} /> : <span className="qr sk" />}
            </Suspense>
            <CopyField label={t('totp.key')} value={inFours(enrolment.data?.secret ?? '')} copied={enrolment.data?.secret ?? ''} />
          </>
        )}
        <TextField
          label={t('code.label')}
          inputMode="numeric"
          autoComplete="one-time-code"
          className="mono code"
          // On a phone the keyboard would cover the picture.
          autoFocus={!isPhone}
          error={errors.code ? errors.code.message || t('code.missing') : undefined}
          {...form.register('code', { required: true, maxLength: 12 })}
        />
        <Refusal text={refusal} />
      </form>
    </Dialog>
  );
}

/** Easier to read off a screen. */
const inFours = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
