import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api.ts';
import { isHandheld, nameDevice } from '../../../device.ts';
import { useAct } from '../../../forms/use-act.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { freshMs } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { Time } from '../../../ui/time.tsx';
import { refreshSessions, type Session, sessionsQuery } from './queries.ts';

/** Where the person is signed in, and the way to end it from here. */
export function Sessions() {
  const t = useT();
  const sessions = useQuery({ ...sessionsQuery, refetchInterval: freshMs });
  const [isAsked, setAsked] = useState(false);
  const others = sessions.data?.filter(({ current }) => !current) ?? [];
  const inOrder = [...(sessions.data?.filter(({ current }) => current) ?? []), ...others];
  const endOthers = async () => {
    try {
      await Promise.all(others.map(({ id }) => call(paths.session(id), { method: 'DELETE' })));
    } finally {
      await refreshSessions();
    }
  };
  return (
    <section className="block">
      <h2>{t('session.title')}</h2>
      <p className="soft">{t('session.text')}</p>
      {sessions.isError ? (
        <ErrorPane title={t('session.error')} error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : sessions.data ? (
        <ul className="lines">
          {inOrder.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      ) : (
        <span className="sk late" style={{ height: 40 }} />
      )}
      {others.length ? (
        <Button style={{ justifySelf: 'start' }} onClick={() => setAsked(true)}>
          {t('session.endOthers')}
        </Button>
      ) : sessions.data ? (
        <p className="small muted">{t('session.alone')}</p>
      ) : null}
      {isAsked ? (
        <Confirm
          title={t('session.endOthersAsk')}
          text={t('session.endOthersText')}
          verb={t('session.endOthers')}
          onClose={() => setAsked(false)}
          run={endOthers}
        />
      ) : null}
    </section>
  );
}

function SessionLine({ session }: { session: Session }) {
  const t = useT();
  const { isBusy, refusal, act } = useAct();
  const device = nameDevice(session.device, t);
  const end = () =>
    act(async () => {
      await call(paths.session(session.id), { method: 'DELETE' });
      await refreshSessions();
    });
  return (
    <li>
      <div className="line">
        <span className="tile">
          <Icon name={isHandheld(session.device) ? 'mobile' : 'screen'} />
        </span>
        <span className="grow">
          <b className="clip" title={session.device}>
            {device}
          </b>
          <span className="small muted">
            {t('session.used')} <Time at={session.lastUsedAt} />
            <span className="hide-s">
              {' · '}
              {t('session.since')} <Time at={session.createdAt} />
            </span>
          </span>
        </span>
        {session.current ? (
          <span className="chip ok">{t('session.here')}</span>
        ) : (
          <Button size="s" busy={isBusy} aria-label={t('session.endOf', { device })} onClick={() => void end()}>
            {t('session.end')}
          </Button>
        )}
      </div>
      <Refusal text={refusal} />
    </li>
  );
}
