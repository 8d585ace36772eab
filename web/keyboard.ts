import { useEffect, useRef } from 'react';

/** What to do on a key; `Mod+Enter` also works inside a field. */
export type Keys = Partial<Record<string, (event: KeyboardEvent) => void>>;

/** Binds keys while mounted. Letters rest while someone writes or a menu or dialog is open. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const isMod = event.metaKey || event.ctrlKey;
      const name = `${isMod ? 'Mod+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
      const act = current.current[name];
      if (!act || (!isMod && isBusyElsewhere(event))) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function isBusyElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // Enter on a link or button is theirs.
  if (key === 'Enter' && target.closest('a, button')) return true;
  if (target.closest('input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"]')) return true;
  return document.querySelector('[role="menu"][data-state="open"], [role="dialog"][data-state="open"]') !== null;
}
