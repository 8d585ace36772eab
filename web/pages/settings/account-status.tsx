import type { Account } from '../../../contract/account.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useT } from '../../i18n/use-t.ts';

const looks = { trial: 'info', active: 'ok', suspended: 'warn', cancelled: 'danger' } as const;

/** How an account stands: in words, with the end of a trial. */
export function AccountStatus({ account }: { account: Pick<Account, 'status' | 'trialEndsAt' | 'readOnlyReason'> }) {
  const t = useT();
  const format = useFormat();
  const { status, trialEndsAt } = account;
  if (status !== 'trial' || trialEndsAt === null) return <span className={`chip ${looks[status]}`}>{t(`account.${status}`)}</span>;
  const isOver = account.readOnlyReason === 'trial_ended';
  return (
    <span className={`chip ${isOver ? 'warn' : 'info'}`} title={format.exact(trialEndsAt)}>
      {isOver ? t('account.trialOver') : t('account.trialUntil', { at: format.short(trialEndsAt) })}
    </span>
  );
}
