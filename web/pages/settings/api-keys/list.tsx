import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiKey } from '../../../../contract/api-key.ts';
import { grantablePermissions } from '../../../../contract/permissions.ts';
import { call } from '../../../api.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { useT } from '../../../i18n/use-t.ts';
import { paths } from '../../../paths.ts';
import { queryClient } from '../../../queries.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Menu, MenuItem, MenuRule } from '../../../ui/menu.tsx';
import { Time } from '../../../ui/time.tsx';
import { labelOf } from '../permission-picker.tsx';
import { ListSkeleton, SectionHead } from '../parts.tsx';
import { keysQuery, type ShownKey } from './queries.ts';
import { ChangeKey } from './change-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';

type Asked = 'change' | 'rotate' | 'revoke';

const to = '/settings/{-$section}/{-$item}';

/** Every key that is not revoked: what it may do, when it was last used, until when it counts. */
export function KeyList() {
  const t = useT();
  const keys = useQuery(keysQuery);
  const [asked, setAsked] = useState<{ what: Asked; key: ApiKey } | null>(null);
  const [shown, setShown] = useState<ShownKey | null>(null);
  const create = (
    <Link className="btn solid" to={to} params={{ section: 'api-keys', item: 'new' }}>
      <Icon name="plus" size="s" />
      {t('keys.new')}
    </Link>
  );
  if (keys.isError) return <ErrorPane title={t('keys.error')} error={keys.error} onRetry={() => void keys.refetch()} />;
  if (keys.data?.length === 0) return <Empty title={t('keys.none')} text={t('keys.noneText')} action={create} />;
  const close = () => setAsked(null);
  return (
    <div className="col">
      <SectionHead title={t('keys.title')} lead={t('keys.lead')} action={create} />
      {keys.data ? (
        <ul className="rows">
          {keys.data.map((key) => (
            <KeyRow key={key.id} apiKey={key} onAsk={(what) => setAsked({ what, key })} />
          ))}
        </ul>
      ) : (
        <ListSkeleton />
      )}
      {asked?.what === 'revoke' ? <Revoke apiKey={asked.key} onClose={close} /> : null}
      {asked?.what === 'change' ? <ChangeKey apiKey={asked.key} onClose={close} /> : null}
      {asked?.what === 'rotate' ? <Rotate apiKey={asked.key} onClose={close} onShown={setShown} /> : null}
      {shown ? <ShownOnce shown={shown} onClose={() => setShown(null)} /> : null}
    </div>
  );
}

function KeyRow({ apiKey, onAsk }: { apiKey: ApiKey; onAsk: (what: Asked) => void }) {
  const t = useT();
  const isAll = grantablePermissions.every((name) => apiKey.permissions.includes(name));
  return (
    <li className="line">
      <span className="tile">
        <Icon name="key" />
      </span>
      <span className="grow">
        <b className="clip" title={apiKey.name}>
          {apiKey.name}
        </b>
        <span className="small muted clip" title={apiKey.permissions.map((name) => labelOf(name, t)).join(', ')}>
          <span className="mono">gk_{apiKey.prefix}_…</span>
          {' · '}
          {isAll ? t('permission.all') : t('permission.some', { count: apiKey.permissions.length })}
        </span>
        <Limits limits={apiKey.limits} />
        <Previous until={apiKey.previousExpiresAt} />
      </span>
      <span className="small muted hide-s use">
        {apiKey.lastUsedAt ? (
          <>
            {t('keys.lastUsed')} <Time at={apiKey.lastUsedAt} />
          </>
        ) : (
          t('keys.unused')
        )}
      </span>
      <Expiry at={apiKey.expiresAt} />
      <Menu align="end" trigger={<IconButton icon="more" label={t('keys.more', { name: apiKey.name })} />}>
        <MenuItem icon="gear" onSelect={() => onAsk('change')}>
          {t('keys.change')}
        </MenuItem>
        <MenuItem icon="retry" onSelect={() => onAsk('rotate')}>
          {t('keys.rotate')}
        </MenuItem>
        <MenuRule />
        <MenuItem icon="x" danger onSelect={() => onAsk('revoke')}>
          {t('keys.revoke')}
        </MenuItem>
      </Menu>
    </li>
  );
}

/** Its own limits; of a key without any, nothing. */
function Limits({ limits: { perHour, perMinute } }: { limits: ApiKey['limits'] }) {
  const t = useT();
  const format = useFormat();
  if (perHour === null && perMinute === null) return null;
  const show = (limit: number | null) => (limit === null ? '—' : format.number(limit));
  return <span className="small muted clip">{t('keys.limits', { perHour: show(perHour), perMinute: show(perMinute) })}</span>;
}

/** After a rotation the old secret goes on for a while, which whoever swaps it has to know. */
function Previous({ until }: { until: string | null }) {
  const t = useT();
  const format = useFormat();
  if (until === null || Date.parse(until) <= Date.now()) return null;
  return (
    <span className="small clip" title={format.exact(until)}>
      {t('keys.previousUntil', { at: format.short(until) })}
    </span>
  );
}

function Expiry({ at }: { at: string | null }) {
  const t = useT();
  const format = useFormat();
  if (at === null) return null;
  const isOver = Date.parse(at) <= Date.now();
  return (
    <span className={`chip${isOver ? ' danger' : ''}`} title={format.exact(at)}>
      {isOver ? t('keys.expired') : t('keys.expiresAt', { at: format.short(at) })}
    </span>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useT();
  const run = async () => {
    await call(paths.apiKey(apiKey.id), { method: 'DELETE' });
    await queryClient.invalidateQueries(keysQuery);
  };
  return (
    <Confirm
      title={t('keys.revokeAsk', { name: apiKey.name })}
      text={t('keys.revokeText')}
      verb={t('keys.revoke')}
      onClose={onClose}
      run={run}
    />
  );
}

const overlapHours = [0, 1, 24, 72, 168];

function Rotate({ apiKey, onClose, onShown }: { apiKey: ApiKey; onClose: () => void; onShown: (shown: ShownKey) => void }) {
  const t = useT();
  const [hours, setHours] = useState(24);
  const label = (value: number) => {
    if (value === 0) return t('keys.overlapNone');
    return value < 48 ? t('keys.overlapHours', { count: value }) : t('keys.overlapDays', { count: value / 24 });
  };
  const run = async () => {
    const shown = await call<ShownKey>(paths.apiKeyRotation(apiKey.id), { method: 'POST', body: { overlapMinutes: hours * 60 } });
    await queryClient.invalidateQueries(keysQuery);
    onShown(shown);
  };
  return (
    <Confirm
      title={t('keys.rotateAsk', { name: apiKey.name })}
      text={t('keys.rotateText')}
      verb={t('keys.rotate')}
      look="solid"
      onClose={onClose}
      run={run}
    >
      <SelectField label={t('keys.overlap')} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
        {overlapHours.map((value) => (
          <option key={value} value={value}>
            {label(value)}
          </option>
        ))}
      </SelectField>
    </Confirm>
  );
}
