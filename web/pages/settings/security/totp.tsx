import { useState } from 'react';
import type { RecoveryCodes as Codes, Security } from '../../../../contract/security.ts';
import { call } from '../../../api.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { refreshSecurity } from './queries.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetUp } from './totp-set-up.tsx';

type Asked = 'set-up' | 'renew' | 'disable' | null;

/** The second step of a sign-in: on or off, and the codes for the day when the phone is gone. */
export function Totp({ totp }: { totp: Security['totp'] }) {
  const t = useT();
  const [asked, setAsked] = useState<Asked>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => setAsked(null);
  const renew = async () => {
    const made = await call<Codes>(paths.recoveryCodes, { method: 'POST' });
    setCodes(made.recoveryCodes);
    await refreshSecurity();
  };
  const disable = async () => {
    await call(paths.totp, { method: 'DELETE' });
    await refreshSecurity();
  };
  return (
    <section className="block">
      <div className="row top">
        <h2 className="grow">{t('totp.title')}</h2>
        <span className={`chip ${totp.enabled ? 'ok' : ''}`}>{t(totp.enabled ? 'totp.isOn' : 'totp.isOff')}</span>
      </div>
      <p className="soft">{t(totp.enabled ? 'totp.on' : 'totp.off')}</p>
      {totp.enabled ? (
        <div className="row wrap">
          <span className={`chip ${totp.recoveryCodesLeft < 3 ? 'warn' : ''}`}>{t('totp.left', { count: totp.recoveryCodesLeft })}</span>
          <Button onClick={() => setAsked('renew')}>{t('totp.renew')}</Button>
          <Button look="quiet" onClick={() => setAsked('disable')}>
            {t('totp.disable')}
          </Button>
        </div>
      ) : (
        <Button style={{ justifySelf: 'start' }} onClick={() => setAsked('set-up')}>
          {t('totp.enable')}
        </Button>
      )}
      {asked === 'set-up' ? (
        <TotpSetUp
          onClose={close}
          onDone={(made) => {
            close();
            setCodes(made);
            void refreshSecurity();
          }}
        />
      ) : null}
      {asked === 'renew' ? (
        <Confirm title={t('totp.renewAsk')} text={t('totp.renewText')} verb={t('totp.renew')} look="solid" onClose={close} run={renew} />
      ) : null}
      {asked === 'disable' ? (
        <Confirm title={t('totp.disableAsk')} text={t('totp.disableText')} verb={t('totp.disable')} onClose={close} run={disable} />
      ) : null}
      {codes ? <RecoveryCodes codes={codes} onClose={() => setCodes(null)} /> : null}
    </section>
  );
}
