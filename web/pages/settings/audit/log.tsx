import { i18n } from '@lingui/core';
import { Fragment } from 'react';
import type { AuditEntryView } from '../../../../contract/audit.ts';
import type { MessageId } from '../../../i18n/index.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { type Translate, useT } from '../../../i18n/use-t.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Time } from '../../../ui/time.tsx';

/** Entries under their days; each opens to what exactly was recorded. */
export function Log({ entries }: { entries: AuditEntryView[] }) {
  const format = useFormat();
  let day = '';
  return (
    <ul className="rows log">
      {entries.map((entry) => {
        const isNewDay = format.dayKey(entry.at) !== day;
        day = format.dayKey(entry.at);
        return (
          <Fragment key={entry.seq}>
            {isNewDay ? <li className="on-day caps">{format.day(entry.at)}</li> : null}
            <Entry entry={entry} />
          </Fragment>
        );
      })}
    </ul>
  );
}

function Entry({ entry }: { entry: AuditEntryView }) {
  const t = useT();
  const more: [string, string][] = [
    ...Object.entries(entry.details).map(([name, value]): [string, string] => [detailName(name, t), show(value, t)]),
    ...(entry.actor.network ? [[t('audit.network'), entry.actor.network] as [string, string]] : []),
    ...(entry.requestId ? [[t('audit.request'), entry.requestId] as [string, string]] : []),
    [t('audit.hash'), entry.hash],
  ];
  return (
    <li>
      <details>
        <summary>
          <Time at={entry.at} style="clock" />
          <span className="grow">
            <b>{actorName(entry, t)}</b> {describe(entry, t)}
          </span>
          <span className="small muted num hide-s">{t('audit.entry', { seq: entry.seq })}</span>
          <Icon name="right" size="s muted" />
        </summary>
        <dl className="facts small">
          {more.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
            </Fragment>
          ))}
        </dl>
      </details>
    </li>
  );
}

function actorName({ actor }: AuditEntryView, t: Translate): string {
  if (actor.type === 'api_key' && actor.name) return t('audit.byKey', { name: actor.name });
  return actor.name ?? t(`audit.by.${actor.type}`);
}

/** What was done as the end of a sentence; an action that has no words yet stands as it was recorded. */
function describe({ action, subject, details }: AuditEntryView, t: Translate): string {
  const id = `action.${action}` as MessageId;
  const name = subject?.name ?? (typeof details['name'] === 'string' ? details['name'] : null);
  const text = t(id, { subject: name === null ? '' : t('quoted', { text: name }) }).trim();
  return text === id ? action : text;
}

/** What a recorded detail is called; one that has no words yet stands as it was recorded. */
function detailName(name: string, t: Translate): string {
  const id = `detail.${name}`;
  return id in i18n.messages ? t(id as MessageId) : name;
}

/** A recorded value as people read it: lists with commas, nothing as a dash. */
function show(value: unknown, t: Translate): string {
  if (value === null || value === undefined || value === '') return '—';
  if (Array.isArray(value)) return value.length > 0 ? value.map((one) => show(one, t)).join(', ') : '—';
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, one]) => `${detailName(name, t)} ${show(one, t)}`)
      .join(', ');
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
