import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { ownAccounts } from '../../contract/account.ts';
import { call } from '../api.ts';
import { useT } from '../i18n/use-t.ts';
import { useQueuedCount } from '../outbox.ts';
import { paths } from '../paths.ts';
import { Avatar } from '../ui/avatar.tsx';
import { MenuChoice, MenuLabel, MenuRule } from '../ui/menu.tsx';

/** The accounts that a person works in, when there are several; asked for when the menu opens. */
export function AccountChoice() {
  const t = useT();
  const accounts = useQuery({
    queryKey: ['own-accounts'],
    queryFn: ({ signal }) => call<z.infer<typeof ownAccounts>>(paths.myAccounts, { signal }),
    select: (answer) => answer.items,
  });
  const isWaiting = useQueuedCount() > 0;
  const [hasFailed, setFailed] = useState(false);
  if (!accounts.data || accounts.data.length < 2) return null;
  const change = async (accountId: string) => {
    setFailed(false);
    try {
      await call(paths.switchAccount, { method: 'POST', body: { accountId } });
      // Everything on the screen belongs to the account before: the desk starts anew.
      window.location.assign('/');
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <MenuRule />
      <MenuLabel>{t('switch.title')}</MenuLabel>
      {accounts.data.map(({ id, name, current }) => (
        <MenuChoice
          key={id}
          chosen={current}
          lead={<Avatar id={id} name={name} size="xs" />}
          onSelect={(event) => {
            if (current) return;
            // Shown where the choice was made, should it fail.
            event.preventDefault();
            if (!isWaiting) void change(id);
          }}
        >
          <span title={name}>{name}</span>
        </MenuChoice>
      ))}
      {isWaiting || hasFailed ? (
        <p className="it small muted" role="status">
          {t(isWaiting ? 'switch.waits' : 'switch.failed')}
        </p>
      ) : null}
    </>
  );
}
