import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Inbox } from '../../../../contract/inbox.ts';
import { call } from '../../../api.ts';
import { explainProblem } from '../../../forms/explain.ts';
import { explainFault } from '../../../forms/fault-words.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { Problem } from '../../../problem.ts';
import { inboxesQuery, queryClient } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { ChannelGlyph } from '../../../ui/channel-glyph.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { freshSecretOf } from './fresh-secrets.ts';

/** One inbox: its name, where its messages come in, and what to paste where. */
export function InboxDetail({ inboxId }: { inboxId: string }) {
  const t = useT();
  const inboxes = useQuery(inboxesQuery);
  const inbox = inboxes.data?.find((one) => one.id === inboxId);
  if (inboxes.isError) return <ErrorPane title={t('settings.error')} error={inboxes.error} onRetry={() => void inboxes.refetch()} />;
  if (inboxes.isPending)
    return (
      <div className="col late">
        <span className="sk" style={{ width: 220, height: 20 }} />
      </div>
    );
  if (!inbox) return <ErrorPane title={t('settings.gone')} error={new Problem('not_found', 404, '')} />;
  return (
    <div className="col">
      <div className="row muted small" style={{ gap: 6 }}>
        <Link to="/settings/{-$section}/{-$item}" params={{ section: 'inboxes', item: undefined }} className="muted">
          {t('views.inboxes')}
        </Link>
        <Icon name="right" size="xs" />
        <span className="clip" title={inbox.name}>
          {inbox.name}
        </span>
      </div>
      <header className="row">
        <ChannelGlyph channel={inbox.channel} tile />
        <h1 className="h-page clip grow" title={inbox.name}>
          {inbox.name}
        </h1>
        <span className={`chip ${inbox.status === 'active' ? 'ok' : inbox.status === 'error' ? 'danger' : 'warn'}`}>
          {t(`inbox.${inbox.status}`)}
        </span>
      </header>
      <Reception inbox={inbox} />
      <Identity inbox={inbox} />
    </div>
  );
}

/** What the outside needs to reach this inbox. */
function Reception({ inbox }: { inbox: Inbox }) {
  const t = useT();
  const verifyToken = freshSecretOf(inbox.id);
  const key = inbox.hookUrl.split('/').pop() ?? '';
  const snippet = `<script src="${new URL('/widget.js', inbox.hookUrl).href}" data-inbox="${key}" async></script>`;
  return (
    <section className="block">
      <h2>{t(`reception.${titleOf(inbox)}`)}</h2>
      <p className="soft">{t(`reception.${titleOf(inbox)}Text`)}</p>
      {inbox.channel === 'whatsapp' ? <CopyField label={t('settings.hookUrl')} value={inbox.hookUrl} /> : null}
      {verifyToken ? <CopyField label={t('settings.verifyToken')} value={verifyToken} hint={t('settings.shownOnce')} /> : null}
      {inbox.pageUrl ? <CopyField label={t('settings.page')} value={inbox.pageUrl} /> : null}
      {inbox.channel === 'webchat' ? <CopyField label={t('settings.snippet')} value={snippet} hint={t('settings.snippetHint')} /> : null}
      {inbox.pageUrl ? (
        <a className="btn" href={inbox.pageUrl} target="_blank" rel="noreferrer" style={{ justifySelf: 'start' }}>
          <Icon name="out" size="s" />
          {t('settings.seePage')}
        </a>
      ) : null}
    </section>
  );
}

const titleOf = (inbox: Inbox) =>
  inbox.channel === 'whatsapp' || inbox.channel === 'form' || inbox.channel === 'webchat' ? inbox.channel : 'ingest';

function Identity({ inbox }: { inbox: Inbox }) {
  const t = useT();
  const [name, setName] = useState(inbox.name);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const change = async (body: { name?: string; status?: 'active' | 'paused' }) => {
    setBusy(true);
    setError(undefined);
    try {
      await call<Inbox>(paths.inbox(inbox.id), { method: 'PATCH', body });
      await queryClient.invalidateQueries(inboxesQuery);
    } catch (cause) {
      const fault = cause instanceof Problem ? cause.errors[0] : undefined;
      setError(fault ? explainFault(fault.message, t) : explainProblem(cause, t));
    } finally {
      setBusy(false);
    }
  };
  const isPaused = inbox.status === 'paused';
  return (
    <section className="block">
      <form
        className="stack"
        style={{ gap: 16 }}
        onSubmit={(event) => {
          event.preventDefault();
          void change({ name: name.trim() });
        }}
      >
        <TextField
          label={t('settings.name')}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.target.value)}
          error={error}
        />
        <div className="row">
          <Button type="submit" busy={isBusy} disabled={!name.trim() || name.trim() === inbox.name}>
            {t('settings.save')}
          </Button>
          <Button look="quiet" className="end" disabled={isBusy} onClick={() => void change({ status: isPaused ? 'active' : 'paused' })}>
            {t(isPaused ? 'settings.resume' : 'settings.pause')}
          </Button>
        </div>
        <p className="small muted">{t(isPaused ? 'settings.resumeText' : 'settings.pauseText')}</p>
      </form>
    </section>
  );
}
