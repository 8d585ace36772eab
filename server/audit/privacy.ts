import { isIPv4, isIPv6 } from 'node:net';

/**
 * A chain cannot forget: what is in it stays as long as the account. So it holds ids, which lose their person when that
 * person is erased, and never names, addresses or secrets, even where a caller was careless.
 */
export function withoutPersonalData(details: Record<string, unknown>): Record<string, unknown> {
  return cleanObject(details);
}

const textMax = 500;
const secretName = /password|secret|token|cookie|authorization|credential|^key$/i;
const email = /([\p{L}\p{N}])[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]*@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/gu;
const phone = /\+\d[\d ().-]{6,18}\d/g;

function cleanObject(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, secretName.test(name) && isText(part) ? '[hidden]' : clean(part)]),
  );
}

const isText = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value);

function clean(value: unknown): unknown {
  if (typeof value === 'string') return maskAddresses(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null ? cleanObject(value) : value;
}

/** Text with e-mail addresses and phone numbers masked: enough to recognise one that is known, not to write to it. */
function maskAddresses(text: string): string {
  return text
    .slice(0, textMax)
    .replace(email, '$1…@$2')
    .replace(phone, (number) => `${number.slice(0, 3)}…${number.slice(-2)}`);
}

/** The network of an address: enough to see that somebody came from elsewhere. IPv4 /24, IPv6 /48. */
export function networkOf(ip: string | null): string | null {
  if (ip === null) return null;
  const mapped = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(ip)) return null;
  const [left = '', right] = (ip.split('%')[0] ?? '').split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/48`;
}
