import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What a look at a page found wrong, in words; empty when nothing is. */
export async function auditPage(page: Page): Promise<string[]> {
  return [...(await findBarriers(page)), ...(await findClipped(page)), ...(await findShifts(page))];
}

const layoutShiftMax = 0.02;
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function findBarriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

/** Text that is cut without saying so, and pages wider than their window. A line that ends in … tells the whole on hover. */
async function findClipped(page: Page): Promise<string[]> {
  return page.locator('html').evaluate((html) => {
    const { defaultView: window } = html.ownerDocument;
    const found: string[] = [];
    if (html.scrollWidth > window.innerWidth) found.push(`the page is ${html.scrollWidth} wide in a window of ${window.innerWidth}`);
    for (const element of html.querySelectorAll('body *')) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
      const box = element.getBoundingClientRect();
      if (!hasText || box.width <= 1 || box.height <= 1) continue;
      const style = window.getComputedStyle(element);
      const isHidden = style.overflowX === 'hidden' || style.overflowX === 'clip';
      const text = element.textContent.trim().slice(0, 60);
      const isTold = style.textOverflow === 'ellipsis' && element.closest('[title], [aria-label]');
      if (isHidden && element.scrollWidth > element.clientWidth && !isTold) found.push(`cut: ${element.className} "${text}"`);
      if (isHidden && element.scrollHeight > element.clientHeight + 2) found.push(`cut in height: ${element.className} "${text}"`);
      if (!element.closest('svg') && box.right > window.innerWidth + 1 && style.position !== 'fixed')
        found.push(`beyond the window: ${element.className} "${text}"`);
    }
    return found;
  });
}

/** What moved by itself since the page was opened, or since the last time this was asked. */
export async function findShifts(page: Page): Promise<string[]> {
  const shifts = await page.evaluate(() =>
    (globalThis as unknown as { layoutShifts: { value: number; what: string }[] }).layoutShifts.splice(0),
  );
  const sum = shifts.reduce((total, shift) => total + shift.value, 0);
  return sum <= layoutShiftMax ? [] : [`the layout shifted by ${sum.toFixed(3)}: ${shifts.map((shift) => shift.what).join('; ')}`];
}

/** Has the page note what moves by itself. */
export async function noteLayoutShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: { value: number; what: string }[] = [];
    Object.assign(globalThis, { layoutShifts: shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { hadRecentInput, value, sources } = entry as unknown as {
          hadRecentInput: boolean;
          value: number;
          sources: { node: { className?: string; nodeName: string } | null }[];
        };
        if (!hadRecentInput)
          shifts.push({ value, what: sources.map(({ node }) => `${node?.nodeName}.${node?.className ?? ''}`).join(' ') });
      }
    }).observe({ type: 'layout-shift' as 'mark', buffered: true });
  });
}
