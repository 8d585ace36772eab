import type { DeliveryError } from '../../../contract/conversation.ts';
import type { ChannelInbox, OutboundMessage, SendOutcome } from '../channel.ts';
import { isLoose, type Loose, objectAt, objectsAt, textAt } from '../text.ts';
import { classOfCode } from './errors.ts';

const apiVersion = 'v23.0';
const timeoutMs = 15_000;
const answerBytesMax = 256 * 1024;
const retryAfterMsMax = 60 * 60_000;

/** Sends a text through the Graph API. There is no idempotency key: a call whose answer is missing is `uncertain`. */
export async function sendText(message: OutboundMessage, inbox: ChannelInbox, apiUrl: string, signal: AbortSignal): Promise<SendOutcome> {
  const { phoneNumberId } = inbox.settings;
  const token = inbox.secrets.accessToken;
  if (typeof phoneNumberId !== 'string' || !token)
    return failed({ class: 'auth', detail: 'The inbox has no phone number id or no access token.' });
  let response: Response;
  let body: string;
  try {
    response = await fetch(`${apiUrl.replace(/\/+$/, '')}/${apiVersion}/${encodeURIComponent(phoneNumberId)}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(requestBody(message)),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    body = await readLimited(response);
  } catch (error) {
    return outcomeOfFailure(error);
  }
  return outcomeOfAnswer(response, body);
}

function requestBody(message: OutboundMessage): Loose {
  const isNumber = /^\+?\d+$/.test(message.to.value);
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    // Someone known only by a user id has no number to send to.
    ...(isNumber ? { to: message.to.value.replace('+', '') } : { recipient: message.to.value }),
    type: 'text',
    text: { body: message.text, preview_url: false },
    ...(message.replyToExternalId ? { context: { message_id: message.replyToExternalId } } : {}),
    biz_opaque_callback_data: message.id,
  };
}

function outcomeOfAnswer(response: Response, body: string): SendOutcome {
  const answer = parseObject(body);
  if (answer && isLoose(answer.error)) return outcomeOfError(response, answer.error);
  if (response.ok) {
    const externalId = answer ? textAt(objectsAt(answer, 'messages')[0] ?? {}, 'id') : null;
    if (externalId !== null) return { outcome: 'sent', externalId };
    return { outcome: 'uncertain', error: { class: 'unknown', detail: `WhatsApp answered ${response.status} without a message id.` } };
  }
  const error: DeliveryError = {
    class: classOfStatus(response.status),
    code: String(response.status),
    detail: `WhatsApp answered ${response.status}.`,
  };
  // A gateway that gave up waiting does not know whether the call went through.
  if (response.status === 504) return { outcome: 'uncertain', error };
  return error.class === 'throttle' || error.class === 'transient' ? retry(error, response) : failed(error);
}

function outcomeOfError(response: Response, error: Loose): SendOutcome {
  const code = typeof error.code === 'number' || typeof error.code === 'string' ? Number(error.code) : Number.NaN;
  const known = Number.isInteger(code) ? classOfCode(code) : 'unknown';
  const isTransient = error.is_transient === true || (known === 'unknown' && (response.status === 429 || response.status >= 500));
  const kind = isTransient && known !== 'throttle' ? 'transient' : known;
  const detail = textAt(objectAt(error, 'error_data'), 'details') ?? textAt(error, 'message');
  const described: DeliveryError = {
    class: kind,
    ...(Number.isInteger(code) ? { code: String(code) } : {}),
    ...(detail ? { detail } : {}),
  };
  return kind === 'throttle' || kind === 'transient' ? retry(described, response) : failed(described);
}

function classOfStatus(status: number): DeliveryError['class'] {
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'throttle';
  return status >= 500 || status === 408 ? 'transient' : 'unknown';
}

/** Codes of failures that happen before a byte of the request leaves. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

function outcomeOfFailure(error: unknown): SendOutcome {
  const code = causeCode(error);
  const wasUnsent = unsentCodes.has(code) || code.startsWith('CERT_') || code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_');
  if (wasUnsent) return { outcome: 'retry', error: { class: 'transient', code, detail: 'WhatsApp could not be reached.' } };
  return {
    outcome: 'uncertain',
    error: { class: 'unknown', ...(code ? { code } : {}), detail: 'The call left, its answer did not come.' },
  };
}

function causeCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function failed(error: DeliveryError): SendOutcome {
  return { outcome: 'failed', error };
}

function retry(error: DeliveryError, response: Response): SendOutcome {
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
  return { outcome: 'retry', error, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

/** Seconds or a date. */
function retryAfterOf(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, retryAfterMsMax) : null;
}

/** A provider in trouble may answer with pages of HTML: no more than the start of it is read. */
async function readLimited(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > answerBytesMax) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): Loose | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLoose(value) ? value : null;
  } catch {
    return null;
  }
}
