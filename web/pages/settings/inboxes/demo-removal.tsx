import { useState } from 'react';
import { call } from '../../../api.ts';
import { clearDrafts } from '../../../drafts.ts';
import { useT } from '../../../i18n/use-t.ts';
import { clearOutbox } from '../../../outbox.ts';
import { paths } from '../../../paths.ts';
import { useMay, useMe } from '../../../session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';

/** The end of the demo, for whoever may decide it; nothing elsewhere. */
export function DemoRemoval() {
  const t = useT();
  const isDemo = useMe()?.account.isDemo ?? false;
  const mayManage = useMay('account.manage');
  const [isAsked, setAsked] = useState(false);
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  if (!isDemo || !mayManage) return null;
  const remove = async () => {
    setState('busy');
    try {
      await call(paths.demo, { method: 'DELETE' });
      clearDrafts();
      clearOutbox();
      // The session went with the demo: the next page starts from nothing.
      window.location.assign('/setup');
    } catch {
      setState('failed');
    }
  };
  return (
    <section className="block">
      <h2>{t('demo.remove')}</h2>
      <p className="soft">{t('demo.removeText')}</p>
      <Button style={{ justifySelf: 'start' }} onClick={() => setAsked(true)}>
        {t('demo.remove')}
      </Button>
      <Dialog
        open={isAsked}
        onOpenChange={setAsked}
        title={t('demo.removeAsk')}
        foot={
          <>
            <Button onClick={() => setAsked(false)}>{t('demo.keep')}</Button>
            <Button look="red" busy={state === 'busy'} onClick={() => void remove()}>
              {t('demo.remove')}
            </Button>
          </>
        }
      >
        <p className="soft">{t('demo.removeText')}</p>
        {state === 'failed' ? (
          <p className="banner danger" role="alert">
            {t('error.server')}
          </p>
        ) : null}
      </Dialog>
    </section>
  );
}
