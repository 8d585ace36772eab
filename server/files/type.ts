const magics: { type: string; at: number; bytes: number[] }[] = [
  { type: 'application/pdf', at: 0, bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
  { type: 'audio/ogg', at: 0, bytes: [0x4f, 0x67, 0x67, 0x53] },
  { type: 'audio/mpeg', at: 0, bytes: [0x49, 0x44, 0x33] },
  { type: 'video/mp4', at: 4, bytes: [0x66, 0x74, 0x79, 0x70] },
  { type: 'application/zip', at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  { type: 'application/gzip', at: 0, bytes: [0x1f, 0x8b] },
  { type: 'application/x-ole-storage', at: 0, bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
];
const officeTypes =
  /^application\/(vnd\.openxmlformats-officedocument\.[a-z.]+|vnd\.oasis\.opendocument\.[a-z.-]+|msword|vnd\.ms-[a-z.-]+)$/;
const plainTypes = new Set(['text/plain', 'text/csv', 'text/calendar', 'application/json']);

/** What a file is by its first bytes. What the sender says counts only where it cannot make the file more than it is. */
export function contentTypeOf(declared: string, bytes: Buffer): string {
  const said = declared.split(';')[0]?.trim().toLowerCase() ?? '';
  const found = magics.find(({ at, bytes: magic }) => magic.every((byte, n) => bytes[at + n] === byte))?.type;
  const isContainer = found === 'application/zip' || found === 'application/x-ole-storage';
  if (found) return isContainer && officeTypes.test(said) ? said : found;
  return plainTypes.has(said) && !bytes.subarray(0, 64 * 1024).includes(0) ? said : 'application/octet-stream';
}

const nameBytesMax = 200;

/** A name that is safe to show and to save: no path, no control or direction characters, not too long. */
export function safeFilename(given: string): string {
  const last = givenNameOf(given);
  // Category C: control, format (direction overrides, zero width), unassigned, private use.
  const clean = last
    .replace(/\p{C}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') return 'file';
  if (Buffer.byteLength(clean) <= nameBytesMax) return clean;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(clean)?.[0] ?? '';
  // A character has a byte at least, so that what lies behind is cut off at once.
  let stem = clean.slice(0, Math.min(clean.length - extension.length, nameBytesMax)).toWellFormed();
  while (Buffer.byteLength(stem + extension) > nameBytesMax) stem = [...stem].slice(0, -1).join('');
  return stem + extension;
}

const nameReadMax = 1_000;

/** The last part of a path; of one that is longer than any name its beginning and its extension. */
function givenNameOf(given: string): string {
  const last = given.toWellFormed().split(/[\\/]/).pop() ?? '';
  return last.length <= nameReadMax ? last : `${last.slice(0, nameReadMax)}${last.slice(-12)}`.toWellFormed();
}
