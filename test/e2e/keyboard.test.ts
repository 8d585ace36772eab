import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enter, launchBrowser, openPage, type Watched } from '../support/browser.ts';
import { type DeskNumber, openNumber } from '../support/desk-inboxes.ts';
import { type Desk, startDesk } from '../support/desk.ts';

const switchMsMax = 100;
let desk: Desk;
let token: string;
let number: DeskNumber;
let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  desk = await startDesk();
  token = await desk.signIn();
  number = await openNumber(desk, token, 'Keyboard', '990000000301');
  browser = await launchBrowser();
  watched = await openPage(browser, desk);
  page = watched.page;
  await enter(page, 'demo@guichet.local');
  await page.goto('/inbox/all');
  await page.locator('[data-conversation]').first().waitFor();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await desk?.remove();
}, 60_000);

const selected = () => page.locator('[data-conversation][aria-current]').getAttribute('data-conversation');
const idAt = (index: number) => page.locator('[data-conversation]').nth(index).getAttribute('data-conversation');
const opened = () => page.getByRole('log').locator('.bub, .note').last().waitFor();

it('Enter opens the first conversation, J and K go down and up, Esc goes back to the list', async () => {
  await page.keyboard.press('Enter');
  await opened();
  expect(await selected()).toBe(await idAt(0));
  await page.keyboard.press('j');
  await expect.poll(selected).toBe(await idAt(1));
  await page.keyboard.press('j');
  await expect.poll(selected).toBe(await idAt(2));
  await page.keyboard.press('k');
  await expect.poll(selected).toBe(await idAt(1));
  await page.keyboard.press('Escape');
  await page.getByText('No conversation open').waitFor();
});

it('R writes a reply, N a note, and letters typed there are text', async () => {
  await page.keyboard.press('j');
  await opened();
  await page.keyboard.press('n');
  const note = page.getByRole('textbox', { name: 'Write a note for the team' });
  await expect.poll(() => note.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
  await page.keyboard.type('jkrnea? Seen by keyboard.');
  expect(await note.inputValue()).toBe('jkrnea? Seen by keyboard.');
  await page.keyboard.press('Control+Enter');
  await page.locator('.note', { hasText: 'Seen by keyboard.' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  const reply = page.getByRole('textbox', { name: 'Write a reply' });
  await expect.poll(() => reply.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
  await page.keyboard.type('Sent by keyboard.');
  await page.keyboard.press('Meta+Enter');
  await page.locator('.msg.out', { hasText: 'Sent by keyboard.' }).waitFor();
  await page.keyboard.press('Escape');
});

it('A offers who answers, and the arrows choose', async () => {
  await page.keyboard.press('a');
  await page.getByRole('menu').waitFor();
  const focused = page.locator('[role=menu] :focus');
  for (let step = 0; step < 9 && (await focused.filter({ hasText: 'Léo Marchand' }).count()) === 0; step += 1) {
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(50);
  }
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await page.locator('.ctx dl.kv').getByText('Léo Marchand').waitFor();
});

it('E closes and goes on to the next, Z takes it back', async () => {
  const closing = await selected();
  await page.keyboard.press('e');
  await page.locator(`[data-conversation="${closing}"]`).waitFor({ state: 'detached' });
  expect(await selected()).not.toBe(closing);
  await page.keyboard.press('z');
  await page.locator(`[data-conversation="${closing}"]`).waitFor();
});

it('? shows every key, Esc puts them away and focus stays where it was', async () => {
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByText('Private note').waitFor();
  await page.keyboard.press('j');
  await help.waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.getByRole('log').waitFor();
});

it('focus is seen on everything the Tab key reaches', async () => {
  await page.goto('/inbox/all');
  await page.locator('[data-conversation]').first().waitFor();
  const unseen: string[] = [];
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    const told = await page.locator(':focus').evaluate((element) => {
      const style = element.ownerDocument.defaultView.getComputedStyle(element);
      const field = element.closest('.input, .composer');
      const halo = field ? element.ownerDocument.defaultView.getComputedStyle(field).boxShadow : style.boxShadow;
      const isSeen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || halo !== 'none';
      return isSeen ? '' : element.outerHTML.slice(0, 120);
    });
    if (told) unseen.push(told);
  }
  expect(unseen).toEqual([]);
});

it(`the next conversation shows within ${switchMsMax} ms`, async () => {
  await page.goto('/inbox/all');
  await page.locator('[data-conversation]').first().waitFor();
  await page.keyboard.press('j');
  await opened();
  const took: number[] = [];
  for (let at = 0; at < 9; at += 1) {
    // The one after the open one is loaded ahead.
    await page.waitForTimeout(250);
    took.push(
      await page.locator('html').evaluate(async (html) => {
        const { defaultView: window } = html.ownerDocument;
        const before = html.querySelector('.thread h2')?.textContent;
        const start = performance.now();
        window.dispatchEvent(new window.KeyboardEvent('keydown', { key: 'j', bubbles: true }));
        const isShown = () =>
          html.querySelector('.thread h2')?.textContent !== before && html.querySelector('[role=log] .bub, [role=log] .note') !== null;
        while (!isShown()) await new Promise((resolve) => window.requestAnimationFrame(resolve));
        await new Promise((resolve) => window.requestAnimationFrame(() => window.setTimeout(resolve)));
        return performance.now() - start;
      }),
    );
  }
  const median = took.sort((a, b) => a - b)[4] ?? 0;
  expect(median, took.map(Math.round).join(' ')).toBeLessThan(switchMsMax);
});

it('500 messages open at the newest; older ones come in above and nothing jumps', async () => {
  const from = '33639980501';
  for (let batch = 0; batch < 10; batch += 1)
    await number.write(
      ...Array.from({ length: 50 }, (_, at) => {
        const nth = batch * 50 + at + 1;
        return { id: `wamid.key.${nth}`, from, name: 'Yann Cinq-Cents', text: `Line ${nth}.${' More words.'.repeat(nth % 7)}` };
      }),
    );
  const { items } = (await desk.call('GET', `/api/v1/conversations?inboxId=${number.id}`, { token })).json;
  await page.goto(`/inbox/all/${items[0].id}`);
  const log = page.getByRole('log');
  await log.getByText('Line 500.').waitFor();
  await expect.poll(() => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeLessThan(2);
  // Upwards by the wheel: a line that was in sight may have moved by what was scrolled, and no more.
  await log.evaluate(watchJumps);
  const oldest = log.locator('.bub', { hasText: /Line 1\./ });
  await log.hover();
  for (let turn = 0; turn < 300 && !(await oldest.isVisible()); turn += 1) {
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(25);
  }
  await oldest.waitFor();
  expect(await page.evaluate(() => (globalThis as unknown as { jumps: string[] }).jumps)).toEqual([]);
});

it('the page met no fault', () => expect(watched.wrongs).toEqual([]));

/** Runs in the page: notes when a line in sight stands further off some frames later than turns of the wheel take it. */
function watchJumps(log: any): void {
  const { defaultView: window } = log.ownerDocument;
  const [movedMax, framesMax] = [900, 5];
  const jumps: string[] = [];
  Object.assign(globalThis, { jumps });
  let places = new Map<string, number>();
  let missed = 0;
  const channel = new MessageChannel();
  channel.port1.addEventListener('message', () => {
    const box = log.getBoundingClientRect();
    const now = new Map<string, number>();
    for (const bubble of log.querySelectorAll('.bub')) now.set(bubble.textContent, bubble.getBoundingClientRect().top);
    const [text, before] = [...places].find(([, top]) => top > box.top + 100 && top < box.bottom - 100) ?? ['', 0];
    const after = now.get(text);
    if (text !== '' && after === undefined && missed < framesMax) missed += 1;
    else {
      if (text !== '' && (after === undefined || Math.abs(after - before) > movedMax)) jumps.push(`${text} from ${before} to ${after}`);
      places = now;
      missed = 0;
    }
    window.requestAnimationFrame(() => channel.port2.postMessage(''));
  });
  channel.port1.start();
  channel.port2.postMessage('');
}
