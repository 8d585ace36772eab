import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useConfirmationAsked } from '../confirmation.ts';
import { followPreferences } from '../follow-preferences.ts';
import { withWords } from '../i18n/index.ts';
import { useKeys } from '../keyboard.ts';
import { openLine } from '../live.ts';
import { clearOutbox, openOutbox } from '../outbox.ts';
import { queryClient } from '../queries.ts';
import { useMe } from '../session.ts';
import { Rail } from './rail.tsx';
import { TabBar } from './tab-bar.tsx';
import { UndoToast } from './undo-toast.tsx';

const Confirmation = lazy(() => withWords(import('./confirmation.tsx')).then((module) => ({ default: module.Confirmation })));
const Shortcuts = lazy(() => withWords(import('./shortcuts.tsx')).then((module) => ({ default: module.Shortcuts })));

/** The room around every page: rail, page, and on a phone the bar below. */
export function Desk() {
  const me = useMe();
  const navigate = useNavigate();
  const isConfirmationAsked = useConfirmationAsked();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const userId = me?.id;
  useEffect(() => {
    if (!userId) return;
    void followPreferences();
    openOutbox(userId);
    return openLine();
  }, [userId]);
  useEffect(() => {
    if (userId) return;
    clearOutbox();
    queryClient.clear();
    void navigate({ to: '/sign-in', search: {} });
  }, [userId, navigate]);
  useKeys({ '?': () => setHelpOpen(true) });
  if (!me) return null;
  return (
    <div className="app">
      <Rail onHelp={() => setHelpOpen(true)} />
      <Outlet />
      <TabBar />
      <UndoToast />
      {isConfirmationAsked ? (
        <Suspense>
          <Confirmation />
        </Suspense>
      ) : null}
      {isHelpOpen ? (
        <Suspense>
          <Shortcuts onClose={() => setHelpOpen(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}
