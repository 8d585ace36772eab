import { createHmac } from 'node:crypto';

/** Secrets of the inboxes that tests create; they open nothing outside. */
export const whatsappSecrets = { accessToken: 'test-access-token', appSecret: 'test-app-secret-0123456789', verifyToken: 'test-verify' };

export interface CustomerText {
  id: string;
  from: string;
  text: string;
  name?: string;
}

/** A webhook body as Meta sends it: one envelope, any number of messages. */
export function whatsappMessages(phoneNumberId: string, messages: CustomerText[]): string {
  return envelope({
    metadata: metadata(phoneNumberId),
    contacts: messages.map(({ from, name }) => ({ profile: { name: name ?? `Client ${from}` }, wa_id: from })),
    messages: messages.map(({ id, from, text }) => ({
      from,
      id,
      timestamp: String(Math.floor(Date.now() / 1000)),
      type: 'text',
      text: { body: text },
    })),
  });
}

export interface ProviderStatus {
  id: string;
  to: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  ref?: string;
}

export function whatsappStatuses(phoneNumberId: string, statuses: ProviderStatus[]): string {
  return envelope({
    metadata: metadata(phoneNumberId),
    statuses: statuses.map(({ id, to, status, ref }) => ({
      id,
      status,
      timestamp: String(Math.floor(Date.now() / 1000)),
      recipient_id: to,
      ...(ref === undefined ? {} : { biz_opaque_callback_data: ref }),
    })),
  });
}

export function signed(raw: string | Buffer, secret = whatsappSecrets.appSecret): Record<string, string> {
  return { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}` };
}

function envelope(value: Record<string, unknown>): string {
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '200', changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', ...value } }] }],
  });
}

const metadata = (phoneNumberId: string) => ({ display_phone_number: '33100000000', phone_number_id: phoneNumberId });
