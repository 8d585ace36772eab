import type { Desk } from './desk.ts';
import { type CustomerText, type ProviderStatus, signed, whatsappMessages, whatsappSecrets, whatsappStatuses } from './whatsapp.ts';

/** An inbox of a running desk, as its API answered. */
export interface DeskInbox {
  id: string;
  hookPath: string;
  pagePath: string;
}

/** A WhatsApp number of a running desk, and the signed hook as Meta would call it. */
export interface DeskNumber extends DeskInbox {
  write(...messages: CustomerText[]): Promise<void>;
  report(...statuses: ProviderStatus[]): Promise<void>;
}

export async function openInbox(desk: Desk, token: string, channel: string, name: string, settings: object = {}): Promise<DeskInbox> {
  const answer = await desk.call('POST', '/api/v1/inboxes', { token, body: { channel, name, settings } });
  if (answer.status !== 201) throw new Error(`the inbox was refused with ${answer.status}: ${answer.text}`);
  const { id, hookUrl, pageUrl } = answer.json as { id: string; hookUrl: string; pageUrl: string | null };
  return { id, hookPath: new URL(hookUrl).pathname, pagePath: pageUrl ? new URL(pageUrl).pathname : '' };
}

export async function openNumber(desk: Desk, token: string, name: string, phoneNumberId: string): Promise<DeskNumber> {
  const inbox = await openInbox(desk, token, 'whatsapp', name, { phoneNumberId, ...whatsappSecrets });
  const post = async (raw: string) => {
    const answer = await desk.call('POST', inbox.hookPath, { raw, headers: signed(raw) });
    if (answer.status !== 200) throw new Error(`the hook answered ${answer.status}: ${answer.text}`);
  };
  return {
    ...inbox,
    write: (...messages) => post(whatsappMessages(phoneNumberId, messages)),
    report: (...statuses) => post(whatsappStatuses(phoneNumberId, statuses)),
  };
}
