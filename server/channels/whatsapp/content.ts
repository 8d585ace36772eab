import { isLoose, type Loose, objectAt, objectsAt, storable, textAt } from '../text.ts';

/** What a message says, whatever its type: never empty, so that nothing in a thread is blank. */
export interface Content {
  type: string;
  text: string;
  fields?: { name: string; value: string }[];
  /** The message that this one is about (a reaction, an edit, a withdrawal). */
  target?: string;
}

/** Reads a message of any type. One that is not known yet becomes "unsupported (type)". */
export function contentOf(message: Loose): Content {
  const named = message.type;
  const type = typeof named === 'string' && /^[a-z][a-z0-9_]{0,39}$/.test(named) ? named : 'unsupported';
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  const body = objectAt(message, type);
  const content = read?.(body, message);
  return {
    type,
    text: content?.text || `unsupported (${type})`,
    ...(content?.fields ? { fields: content.fields } : {}),
    ...(content?.target ? { target: content.target } : {}),
  };
}

type Reader = (body: Loose, message: Loose) => Omit<Content, 'type'>;

const readers: Record<string, Reader> = {
  text: (body) => ({ text: textAt(body, 'body') ?? '[text]' }),
  image: (body) => ({ text: textAt(body, 'caption') ?? '[image]' }),
  video: (body) => ({ text: textAt(body, 'caption') ?? '[video]' }),
  audio: (body) => ({ text: body.voice === true ? '[voice]' : '[audio]' }),
  sticker: () => ({ text: '[sticker]' }),
  document: (body) => ({ text: textAt(body, 'caption') ?? textAt(body, 'filename') ?? '[document]' }),
  location: (body) => ({
    text: [textAt(body, 'name'), textAt(body, 'address'), coordinates(body)].filter(Boolean).join('\n') || '[location]',
  }),
  contacts: (_, message) => ({ text: objectsAt(message, 'contacts').map(cardLine).filter(Boolean).join('\n') || '[contacts]' }),
  button: (body) => ({ text: textAt(body, 'text') ?? textAt(body, 'payload') ?? '[button]' }),
  interactive: readInteractive,
  reaction: (body) => withTarget(textAt(body, 'emoji') ?? '[reaction removed]', textAt(body, 'message_id')),
  order: (body) => ({
    text: [textAt(body, 'text'), ...objectsAt(body, 'product_items').map(orderLine)].filter(Boolean).join('\n') || '[order]',
  }),
  system: (body) => ({ text: textAt(body, 'body') ?? textAt(body, 'type') ?? '[system]' }),
  edit: readEdit,
  revoke: (body) => withTarget('[message withdrawn]', textAt(body, 'original_message_id')),
  unsupported: (body, message) => ({ text: `unsupported (${textAt(body, 'type') ?? errorTitle(message) ?? 'unknown'})` }),
};

function readInteractive(body: Loose): Omit<Content, 'type'> {
  const kind = textAt(body, 'type') ?? 'unknown';
  if (kind === 'button_reply' || kind === 'list_reply') return { text: textAt(objectAt(body, kind), 'title') ?? `[${kind}]` };
  if (kind === 'nfm_reply') return readFlow(objectAt(body, kind));
  if (kind === 'call_permission_reply') return { text: `call permission: ${textAt(objectAt(body, kind), 'response') ?? 'unknown'}` };
  return { text: `unsupported (interactive ${kind.slice(0, 40)})` };
}

/** A flow's answer is JSON inside a string, and not always valid. */
function readFlow(reply: Loose): Omit<Content, 'type'> {
  const text = textAt(reply, 'body') ?? textAt(reply, 'name') ?? '[flow]';
  const given = textAt(reply, 'response_json');
  if (given === null) return { text };
  const answers = parseObject(given);
  const fields = answers
    ? Object.entries(answers).map(([name, value]) => ({ name: storable(name), value: storable(valueText(value)) }))
    : [{ name: 'response_json', value: given }];
  return { text, fields: fields.filter(({ name }) => name !== 'flow_token') };
}

function readEdit(body: Loose): Omit<Content, 'type'> {
  const edited = objectAt(body, 'message');
  const inner = edited.type === 'edit' ? '[edit]' : contentOf(edited).text;
  return withTarget(inner, textAt(body, 'original_message_id'));
}

function withTarget(text: string, target: string | null): Omit<Content, 'type'> {
  return target === null ? { text } : { text, target };
}

function coordinates(body: Loose): string | null {
  const { latitude, longitude } = body;
  return isNumberLike(latitude) && isNumberLike(longitude) ? `${latitude}, ${longitude}` : null;
}

function isNumberLike(value: unknown): value is number | string {
  return (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) && Number.isFinite(Number(value));
}

function cardLine(card: Loose): string {
  const name = textAt(objectAt(card, 'name'), 'formatted_name') ?? textAt(objectAt(card, 'name'), 'first_name');
  const phones = objectsAt(card, 'phones').map((phone) => textAt(phone, 'phone'));
  return [name, ...phones].filter(Boolean).join(', ');
}

function orderLine(product: Loose): string | null {
  const name = textAt(product, 'product_retailer_id');
  if (name === null) return null;
  const price = isNumberLike(product.item_price) ? `, ${product.item_price} ${textAt(product, 'currency') ?? ''}`.trimEnd() : '';
  return `${isNumberLike(product.quantity) ? product.quantity : 1} × ${name}${price}`;
}

function errorTitle(message: Loose): string | null {
  const error = objectsAt(message, 'errors')[0];
  return error ? textAt(error, 'title') : null;
}

function parseObject(text: string): Loose | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLoose(value) ? value : null;
  } catch {
    return null;
  }
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
