import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import type { InstalledAccount } from '../../../../contract/account.ts';
import { useT } from '../../../i18n/use-t.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorPane } from '../../../ui/error-pane.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { Time } from '../../../ui/time.tsx';
import { AccountStatus } from '../account-status.tsx';
import { ListSkeleton, SectionHead } from '../parts.tsx';
import { installedAccountsQuery } from './queries.ts';

const to = '/settings/{-$section}/{-$item}';
const statuses = ['trial', 'active', 'suspended', 'cancelled'] as const;
type Choice = (typeof statuses)[number] | '';

/** Every account: how it stands and how much it is used, never what is in it. */
export function AccountList() {
  const t = useT();
  const [q, setQ] = useState('');
  const [status, setStatus] = useState<Choice>('');
  const asked = useDeferredValue(q.trim());
  const accounts = useInfiniteQuery(installedAccountsQuery({ q: asked, status }));
  const rows = accounts.data?.pages.flatMap(({ items }) => items);
  const create = (
    <Link className="btn solid" to={to} params={{ section: 'accounts', item: 'new' }}>
      <Icon name="plus" size="s" />
      {t('accounts.new')}
    </Link>
  );
  return (
    <div className="col">
      <SectionHead title={t('accounts.title')} lead={t('accounts.lead')} action={create} />
      <div className="filters">
        <label className="input">
          <Icon name="search" size="s muted" />
          <input
            type="search"
            aria-label={t('accounts.search')}
            placeholder={t('accounts.search')}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        </label>
        <Segments<Choice>
          label={t('general.status')}
          value={status}
          onChange={setStatus}
          segments={[{ value: '', label: t('accounts.all') }, ...statuses.map((value) => ({ value, label: t(`account.${value}`) }))]}
        />
      </div>
      {accounts.isError ? <ErrorPane title={t('accounts.error')} error={accounts.error} onRetry={() => void accounts.refetch()} /> : null}
      {accounts.isPending ? <ListSkeleton /> : null}
      {rows?.length === 0 ? <Empty title={t('accounts.noneFound')} text={t('accounts.noneFoundText')} isQuiet /> : null}
      {rows && rows.length > 0 ? (
        <ul className="rows">
          {rows.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
        </ul>
      ) : null}
      {accounts.hasNextPage ? (
        <Button className="more" busy={accounts.isFetchingNextPage} onClick={() => void accounts.fetchNextPage()}>
          {t('accounts.more')}
        </Button>
      ) : null}
    </div>
  );
}

function AccountRow({ account }: { account: InstalledAccount }) {
  const t = useT();
  return (
    <li>
      <Link to={to} params={{ section: 'accounts', item: account.id }}>
        <span className="tile">
          <Icon name="accounts" />
        </span>
        <span className="grow">
          <b className="clip" title={account.name}>
            {account.name}
          </b>
          <span className="small muted">
            {[t('accounts.members', { count: account.memberCount }), t('accounts.inboxes', { count: account.inboxCount })].join(' · ')}
          </span>
        </span>
        <span className="small muted hide-s use">
          {account.lastActivityAt ? (
            <>
              {t('accounts.lastActivity')} <Time at={account.lastActivityAt} />
            </>
          ) : (
            t('accounts.noActivity')
          )}
        </span>
        <AccountStatus account={account} />
        <Icon name="right" size="s muted" />
      </Link>
    </li>
  );
}
