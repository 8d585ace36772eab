import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { auditPage, noteLayoutShifts } from './audit.ts';
import { enter, openPage, type PageOptions, type Watched } from './browser.ts';
import type { Desk } from './desk.ts';

export type Look = Omit<PageOptions, 'base'>;
export const phone = { width: 390, height: 844, isPhone: true };

/** Opens screens as people do, looks for faults on them, and keeps their pictures in test-results/screens. */
export function createLooks(browser: Browser, desk: Desk) {
  async function look(name: string, options: Look, open: (watched: Watched) => Promise<void>): Promise<void> {
    const watched = await openPage(browser, { base: desk.base, ...options });
    const { page, wrongs } = watched;
    try {
      await page.addInitScript(`localStorage.setItem('guichet.language', '${options.language ?? 'fr'}')`);
      await noteLayoutShifts(page);
      await open(watched);
      // Skeletons show after 150 ms: by then there is nothing left that would need one.
      await page.waitForTimeout(200);
      const found = await auditPage(page);
      await page.screenshot({ path: `test-results/screens/${name}.png` });
      expect([...found, ...wrongs]).toEqual([]);
    } finally {
      await page.context().close();
    }
  }
  return {
    look,
    signedIn: (
      name: string,
      options: Look,
      open: (watched: Watched) => Promise<void>,
      email = 'demo@guichet.local',
      password?: string,
    ): Promise<void> =>
      look(name, options, async (watched) => {
        await enter(watched.page, email, password);
        await open(watched);
      }),
  };
}
