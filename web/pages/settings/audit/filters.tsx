import { useQuery } from '@tanstack/react-query';
import type { MessageId } from '../../../i18n/index.ts';
import { useT } from '../../../i18n/use-t.ts';
import { membersQuery } from '../../../queries.ts';
import { Icon } from '../../../ui/icon.tsx';

export type Period = 'always' | 'day' | 'week' | 'month';

const days: Record<Period, number> = { always: 0, day: 1, week: 7, month: 30 };
const dayMs = 86_400_000;
const nouns = [
  'account',
  'member',
  'invitation',
  'role',
  'team',
  'api_key',
  'inbox',
  'session',
  'user',
  'second_factor',
  'passkey',
  'identity',
  'superadmin',
  'audit',
];

/** The start of a period that ends now, as the API takes it; empty for none. */
export const startOf = (period: Period): string => (days[period] ? new Date(Date.now() - days[period] * dayMs).toISOString() : '');

interface FiltersProps {
  q: string;
  onSearch: (q: string) => void;
  actorId: string;
  onActor: (id: string) => void;
  noun: string;
  onNoun: (noun: string) => void;
  period: Period;
  onPeriod: (period: Period) => void;
}

/** Words, who, what and when. */
export function Filters({ q, onSearch, actorId, onActor, noun, onNoun, period, onPeriod }: FiltersProps) {
  const t = useT();
  const members = useQuery(membersQuery).data ?? [];
  return (
    <div className="filters log-filters">
      <label className="input">
        <Icon name="search" size="s muted" />
        <input
          type="search"
          aria-label={t('audit.search')}
          placeholder={t('audit.search')}
          value={q}
          maxLength={100}
          onChange={(event) => onSearch(event.target.value)}
        />
      </label>
      <Choice label={t('audit.who')} value={actorId} onChange={onActor}>
        <option value="">{t('audit.anyone')}</option>
        {members.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label={t('audit.what')} value={noun} onChange={onNoun}>
        <option value="">{t('audit.anything')}</option>
        {nouns.map((one) => (
          <option key={one} value={one}>
            {t(`noun.${one}` as MessageId)}
          </option>
        ))}
      </Choice>
      <Choice label={t('audit.when')} value={period} onChange={(value) => onPeriod(value as Period)}>
        {(Object.keys(days) as Period[]).map((one) => (
          <option key={one} value={one}>
            {t(`audit.${one}`)}
          </option>
        ))}
      </Choice>
    </div>
  );
}

function Choice({
  label,
  value,
  onChange,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: React.ReactNode;
}) {
  return (
    <span className="input select">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
      <Icon name="down" size="s muted" />
    </span>
  );
}
