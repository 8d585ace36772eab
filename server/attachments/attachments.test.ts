import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { sweepFiles } from './sweep.ts';

let desk: TestApp;
let url: string;
beforeAll(async () => {
  desk = await testApp();
  const inbox = await desk.api('POST', '/inboxes', { token: desk.one.admin.token, body: { channel: 'form', name: 'Devis', settings: {} } });
  const key = inbox.json.hookUrl.split('/').pop();
  const form = new FormData();
  form.set('email', 'ana@client.example');
  form.set('message', 'voir pièce jointe');
  form.set('file', new Blob(['%PDF-1.4\n%EOF'], { type: 'text/html' }), 'devis "été"\u202E.pdf');
  const sent = await fetch(`${desk.base}/forms/${key}`, { method: 'POST', body: form });
  expect(await sent.json()).toMatchObject({ status: 'received' });
  const [conversation] = (await desk.api('GET', '/conversations', { token: desk.one.agent.token })).json.items;
  const [message] = (await desk.api('GET', `/conversations/${conversation.id}/messages`, { token: desk.one.agent.token })).json.items;
  url = message.attachments[0].url;
  expect(message.attachments).toMatchObject([{ filename: 'devis "été".pdf', contentType: 'application/pdf', size: 13 }]);
});
afterAll(() => desk.close());

/** Reads the whole answer: a connection with an unread body stays busy. */
async function statusOf(address: string | URL): Promise<number> {
  const response = await fetch(address);
  await response.arrayBuffer();
  return response.status;
}

describe('GET /files/{id}', () => {
  it('gives the bytes as a download that can do nothing', async () => {
    const response = await fetch(desk.base + url);
    expect(await response.text()).toBe('%PDF-1.4\n%EOF');
    expect(
      Object.fromEntries(
        ['content-type', 'content-length', 'content-disposition', 'x-content-type-options', 'content-security-policy'].map((name) => [
          name,
          response.headers.get(name),
        ]),
      ),
    ).toEqual({
      'content-type': 'application/pdf',
      'content-length': '13',
      'content-disposition': 'attachment; filename="devis __t__.pdf"; filename*=UTF-8\'\'devis%20%22%C3%A9t%C3%A9%22.pdf',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
  });

  it('opens for no other account, file, time or signature', async () => {
    const change = (name: string, value: string | null) => {
      const changed = new URL(desk.base + url);
      if (value === null) changed.searchParams.delete(name);
      else changed.searchParams.set(name, value);
      return statusOf(changed);
    };
    expect(await change('account', desk.two.id)).toBe(401);
    expect(await change('expires', '9999999999')).toBe(401);
    expect(await change('signature', 'x'.repeat(43))).toBe(401);
    expect(await change('signature', null)).toBe(401);
    const foreign = url.replace(/files\/[^?]+/, `files/${desk.one.id}`);
    expect(await statusOf(desk.base + foreign)).toBe(401);
  });
});

describe('sweepFiles', () => {
  it('removes what no row names and keeps what one does', async () => {
    const orphan = await desk.context.files.put(Buffer.from('nobody'));
    expect(await sweepFiles(desk.db.database, desk.context.files)).toBe(0);
    expect(await sweepFiles(desk.db.database, desk.context.files, new Date(Date.now() + 60_000))).toBe(1);
    await expect(desk.context.files.read(orphan.storageKey).toArray()).rejects.toThrow('ENOENT');
    expect(await statusOf(desk.base + url)).toBe(200);
  });
});
