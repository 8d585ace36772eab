import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { SignedIn } from '../../../contract/auth.ts';
import { useT } from '../../i18n/use-t.ts';
import { mayHavePasskeys } from '../../passkeys.ts';
import { paths } from '../../paths.ts';
import type { SignInWays } from '../../queries.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { explainProvider, explainSignIn, isWrong } from './explain.ts';

interface OtherWaysProps {
  ways: SignInWays | undefined;
  enter: (signedIn: SignedIn) => Promise<void>;
  /** Something stands above already: the line between is drawn even when there is nothing here. */
  hasMore: boolean;
}

/** In without a password: a passkey, or somebody who vouches. The browser offers a passkey in the address's field too. */
export function OtherWays({ ways, enter, hasMore }: OtherWaysProps) {
  const t = useT();
  const { next, problem } = useSearch({ strict: false });
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const hasPasskeys = ways?.passkey === true && mayHavePasskeys();
  const providers = ways?.providers ?? [];
  const failed = (error: unknown) => setRefusal(isWrong(error) ? t('signIn.passkeyUnknown') : explainSignIn(error, t));

  useEffect(() => {
    if (!hasPasskeys) return;
    // Asked while the page is open, and given up when it is left.
    let isGone = false;
    void import('./passkey.ts').then(({ offerPasskey }) => (isGone ? undefined : offerPasskey(enter, failed)));
    return () => {
      isGone = true;
      void import('./passkey.ts').then(({ stopOffering }) => stopOffering());
    };
    // biome-ignore lint/correctness/useExhaustiveDependencies: the offer stands once for the page, not for each of its drawings
  }, [hasPasskeys]);

  const usePasskey = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const { signInByPasskey } = await import('./passkey.ts');
      const signedIn = await signInByPasskey();
      if (signedIn) await enter(signedIn);
      else setRefusal(t('signIn.passkeyNone'));
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  const shown = refusal ?? (problem ? explainProvider(problem, t) : null);
  return (
    <>
      <Refusal text={shown} />
      {hasPasskeys || providers.length ? (
        <div className="stack">
          {hasPasskeys ? (
            <Button size="l" wide busy={isBusy} onClick={() => void usePasskey()}>
              <Icon name="key" />
              {t('signIn.passkey')}
            </Button>
          ) : null}
          {providers.map((one) => (
            <a key={one.id} className="btn l wide" href={paths.oidcStart(one.id, next)}>
              <Icon name="globe" />
              {t('signIn.with', { name: one.name })}
            </a>
          ))}
        </div>
      ) : null}
      {hasMore || hasPasskeys || providers.length ? <div className="or">{t('signIn.or')}</div> : null}
    </>
  );
}
