import { useCallback, useState } from 'react';
import { useT } from '../i18n/use-t.ts';
import { explainProblem } from './explain.ts';

/** Runs one change at a time, says whether it runs, and keeps what it was refused with. */
export function useAct(): { isBusy: boolean; refusal: string | null; act: (change: () => Promise<unknown>) => Promise<boolean> } {
  const t = useT();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const act = useCallback(
    async (change: () => Promise<unknown>) => {
      setBusy(true);
      setRefusal(null);
      try {
        await change();
        return true;
      } catch (error) {
        setRefusal(explainProblem(error, t));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [t],
  );
  return { isBusy, refusal, act };
}
