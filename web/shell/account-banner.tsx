import { useT } from '../i18n/use-t.ts';
import { useMe } from '../session.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../use-now.ts';

const dayMs = 86_400_000;
/** From then on the end of a trial is worth a line on every page. */
const shownDays = 7;

/** Says that nothing can be changed in the account, and why; and before, when a trial will end. */
export function AccountBanner() {
  const t = useT();
  const now = useNow(60_000);
  const account = useMe()?.account;
  if (!account) return null;
  const endsAt = account.trialEndsAt === null ? null : Date.parse(account.trialEndsAt);
  const reason = account.readOnlyReason ?? (account.status === 'trial' && endsAt !== null && endsAt <= now ? 'trial_ended' : null);
  if (reason)
    return (
      <div className="banner warn" role="status">
        <Icon name="lock" />
        <span>{t(`banner.${reason}`)}</span>
      </div>
    );
  const daysLeft = account.status === 'trial' && endsAt !== null ? Math.ceil((endsAt - now) / dayMs) : null;
  if (daysLeft === null || daysLeft > shownDays) return null;
  return (
    <div className="banner" role="status">
      <Icon name="clock" />
      <span>{t('banner.trialLeft', { count: daysLeft })}</span>
    </div>
  );
}
