import { useEffect } from 'react';

/** What the tab and the screen reader call this page; with what waits in front, where something does. */
export function useTitle(page: string, waiting = 0): void {
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${page} · Guichet`;
  }, [page, waiting]);
}
