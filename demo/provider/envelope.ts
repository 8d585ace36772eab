export interface CustomerMessage {
  id: string;
  from: string;
  name: string;
  text: string;
}

export interface StatusReport {
  id: string;
  to: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  /** The sender's own reference, echoed. */
  ref: string | undefined;
  error?: GraphError;
}

export interface GraphError {
  code: number;
  message: string;
  details: string;
}

export const windowClosed: GraphError = {
  code: 131047,
  message: '(#131047) Re-engagement message',
  details: 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
};
export const undeliverable: GraphError = {
  code: 131026,
  message: 'Message undeliverable',
  details: 'Message Undeliverable.',
};

/** A webhook body with one message, as Meta sends it. */
export function messageEnvelope(phoneNumberId: string, message: CustomerMessage, at = new Date()): string {
  return envelope(phoneNumberId, {
    contacts: [{ profile: { name: message.name }, wa_id: message.from }],
    messages: [{ from: message.from, id: message.id, timestamp: seconds(at), type: 'text', text: { body: message.text } }],
  });
}

/** A webhook body with one status. */
export function statusEnvelope(phoneNumberId: string, report: StatusReport, at = new Date()): string {
  const { error } = report;
  return envelope(phoneNumberId, {
    statuses: [
      {
        id: report.id,
        status: report.status,
        timestamp: seconds(at),
        recipient_id: report.to,
        ...(report.ref === undefined ? {} : { biz_opaque_callback_data: report.ref }),
        ...(error
          ? { errors: [{ code: error.code, title: error.message, message: error.message, error_data: { details: error.details } }] }
          : {}),
      },
    ],
  });
}

function envelope(phoneNumberId: string, value: object): string {
  const metadata = { display_phone_number: '33639980000', phone_number_id: phoneNumberId };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: phoneNumberId, changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } }] }],
  });
}

const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));
