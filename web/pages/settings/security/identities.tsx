import { useState } from 'react';
import { call } from '../../../api.ts';
import { useAct } from '../../../forms/use-act.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import type { SignInWays } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { Time } from '../../../ui/time.tsx';
import { type Identity, refreshSecurity } from './queries.ts';

/** Accounts at providers with which the person signs in; nothing where there is no provider. */
export function Identities({ identities, providers }: { identities: Identity[]; providers: SignInWays['providers'] }) {
  const t = useT();
  const [asked, setAsked] = useState<Identity | null>(null);
  const { isBusy, refusal, act } = useAct();
  const open = providers.filter(({ id }) => !identities.some(({ provider }) => provider === id));
  if (!identities.length && !open.length) return null;
  const link = (provider: string) =>
    act(async () => {
      const { url } = await call<{ url: string }>(paths.identity(provider), { method: 'POST' });
      window.location.assign(url);
    });
  const unlink = async (identity: Identity) => {
    await call(paths.identity(identity.id), { method: 'DELETE' });
    await refreshSecurity();
  };
  return (
    <section className="block">
      <h2>{t('identity.title')}</h2>
      <p className="soft">{t('identity.text')}</p>
      <ul className="lines">
        {identities.map((identity) => (
          <li key={identity.id} className="line">
            <span className="tile">
              <Icon name="globe" />
            </span>
            <span className="grow">
              <b className="clip">{identity.name}</b>
              <span className="small muted clip" title={identity.email ?? undefined}>
                {identity.email}
                {identity.email && identity.lastUsedAt ? ' · ' : ''}
                {identity.lastUsedAt ? (
                  <>
                    {t('passkey.used')} <Time at={identity.lastUsedAt} />
                  </>
                ) : null}
              </span>
            </span>
            <Button size="s" onClick={() => setAsked(identity)}>
              {t('identity.unlink')}
            </Button>
          </li>
        ))}
        {open.map((provider) => (
          <li key={provider.id} className="line">
            <span className="tile">
              <Icon name="globe" />
            </span>
            <span className="grow">
              <b className="clip">{provider.name}</b>
              <span className="small muted">{t('identity.none')}</span>
            </span>
            <Button size="s" busy={isBusy} onClick={() => void link(provider.id)}>
              {t('identity.link')}
            </Button>
          </li>
        ))}
      </ul>
      <Refusal text={refusal} />
      {asked ? (
        <Confirm
          title={t('identity.unlinkAsk', { name: asked.name })}
          text={t('identity.unlinkText')}
          verb={t('identity.unlink')}
          onClose={() => setAsked(null)}
          run={() => unlink(asked)}
        />
      ) : null}
    </section>
  );
}
