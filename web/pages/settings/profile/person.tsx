import { useState } from 'react';
import { call } from '../../../api.ts';
import { useAct } from '../../../forms/use-act.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { useMe } from '../../../session.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { EmailDialog } from './email-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';

/** Name, face and address. */
export function Person({ isVerified, canMail }: { isVerified: boolean; canMail: boolean }) {
  const t = useT();
  const me = useMe();
  const [isRenaming, setRenaming] = useState(false);
  const [isChanging, setChanging] = useState(false);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { isBusy, refusal, act } = useAct();
  if (!me) return null;
  const verify = () =>
    act(async () => {
      await call(paths.emailVerification, { method: 'POST' });
      setSentTo(me.email);
    });
  return (
    <section className="block">
      <div className="row" style={{ gap: 12 }}>
        <Avatar id={me.id} name={me.name} size="l" />
        <span className="grow">
          <b className="clip title" style={{ display: 'block' }} title={me.name}>
            {me.name}
          </b>
          <span className="row">
            <span className="soft clip" title={me.email}>
              {me.email}
            </span>
            <span className={`chip ${isVerified ? 'ok' : 'warn'}`}>{t(isVerified ? 'profile.verified' : 'profile.unverified')}</span>
          </span>
        </span>
      </div>
      {sentTo ? (
        <div className="banner ok" role="status">
          <Icon name="mail" />
          <span>{t('profile.emailSent', { email: sentTo })}</span>
        </div>
      ) : null}
      <Refusal text={refusal} />
      <div className="row wrap">
        <Button onClick={() => setRenaming(true)}>{t('profile.rename')}</Button>
        <Button disabled={!canMail} aria-describedby={canMail ? undefined : 'no-mail'} onClick={() => setChanging(true)}>
          {t('profile.changeEmail')}
        </Button>
        {isVerified || !canMail ? null : (
          <Button look="quiet" busy={isBusy} onClick={() => void verify()}>
            {t('profile.verifyEmail')}
          </Button>
        )}
        {canMail ? null : (
          <span className="small muted" id="no-mail">
            {t('profile.noMail')}
          </span>
        )}
      </div>
      {isRenaming ? <NameDialog name={me.name} onClose={() => setRenaming(false)} /> : null}
      {isChanging ? <EmailDialog onClose={() => setChanging(false)} onSent={setSentTo} /> : null}
    </section>
  );
}
