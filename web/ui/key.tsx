const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** A key cap; `Mod` is Command on a Mac and Control elsewhere. */
export function Key({ name }: { name: string }) {
  return <kbd className="kbd">{shownKey(name)}</kbd>;
}

/** "Mod+Enter" as people read it on this machine. */
export function shownKey(name: string): string {
  const mod = isMac ? '⌘' : 'Ctrl ';
  return name.replace('Mod+', mod).replace('Enter', '↵');
}
