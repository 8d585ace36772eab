import { useState } from 'react';
import { call } from '../../../api.ts';
import { nameDevice } from '../../../device.ts';
import { explainProblem } from '../../../forms/explain.ts';
import { useT } from '../../../i18n/use-t.ts';
import { mayHavePasskeys } from '../../../passkeys.ts';
import { paths } from '../../../paths.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Menu, MenuItem, MenuRule } from '../../../ui/menu.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { Time } from '../../../ui/time.tsx';
import { type Passkey, refreshSecurity } from './queries.ts';
import { RenamePasskey } from './rename-passkey.tsx';

/** The passkeys of the person: added on the device that holds them, named, taken away. */
export function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  const t = useT();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ what: 'rename' | 'remove'; passkey: Passkey } | null>(null);
  const canHave = mayHavePasskeys();
  const add = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const { registerPasskey } = await import('./register-passkey.ts');
      const outcome = await registerPasskey(nameDevice(navigator.userAgent, t));
      if (outcome === 'added') await refreshSecurity();
      else setRefusal(t(`passkey.${outcome}`));
    } catch (error) {
      setRefusal(explainProblem(error, t));
    } finally {
      setBusy(false);
    }
  };
  const remove = async (passkey: Passkey) => {
    await call(paths.myPasskey(passkey.id), { method: 'DELETE' });
    await refreshSecurity();
  };
  return (
    <section className="block">
      <h2>{t('passkey.title')}</h2>
      <p className="soft">{t('passkey.text')}</p>
      {passkeys.length ? (
        <ul className="lines">
          {passkeys.map((passkey) => (
            <PasskeyLine key={passkey.id} passkey={passkey} onAsk={(what) => setAsked({ what, passkey })} />
          ))}
        </ul>
      ) : null}
      <Refusal text={refusal} />
      <div className="row wrap">
        <Button busy={isBusy} disabled={!canHave} aria-describedby={canHave ? undefined : 'no-passkeys'} onClick={() => void add()}>
          <Icon name="plus" size="s" />
          {t('passkey.add')}
        </Button>
        {canHave ? null : (
          <span className="small muted" id="no-passkeys">
            {t('passkey.notHere')}
          </span>
        )}
      </div>
      {asked?.what === 'rename' ? <RenamePasskey passkey={asked.passkey} onClose={() => setAsked(null)} /> : null}
      {asked?.what === 'remove' ? (
        <Confirm
          title={t('passkey.removeAsk', { name: asked.passkey.name })}
          text={t('passkey.removeText')}
          verb={t('passkey.remove')}
          onClose={() => setAsked(null)}
          run={() => remove(asked.passkey)}
        />
      ) : null}
    </section>
  );
}

function PasskeyLine({ passkey, onAsk }: { passkey: Passkey; onAsk: (what: 'rename' | 'remove') => void }) {
  const t = useT();
  return (
    <li className="line">
      <span className="tile">
        <Icon name="key" />
      </span>
      <span className="grow">
        <b className="clip" title={passkey.name}>
          {passkey.name}
        </b>
        <span className="small muted">
          {passkey.lastUsedAt ? (
            <>
              {t('passkey.used')} <Time at={passkey.lastUsedAt} />
            </>
          ) : (
            t('passkey.unused')
          )}
          <span className="hide-s">
            {' · '}
            {t('passkey.added')} <Time at={passkey.createdAt} />
          </span>
        </span>
      </span>
      {passkey.backedUp ? <span className="chip hide-s">{t('passkey.synced')}</span> : null}
      <Menu align="end" trigger={<IconButton icon="more" label={t('passkey.more', { name: passkey.name })} />}>
        <MenuItem icon="edit" onSelect={() => onAsk('rename')}>
          {t('passkey.rename')}
        </MenuItem>
        <MenuRule />
        <MenuItem icon="x" danger onSelect={() => onAsk('remove')}>
          {t('passkey.remove')}
        </MenuItem>
      </Menu>
    </li>
  );
}
