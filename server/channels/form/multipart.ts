import { ApiError } from '../../http/errors.ts';

export interface Part {
  name: string;
  filename: string | null;
  contentType: string;
  bytes: Buffer;
}

const partsMax = 200;
const headBytesMax = 16 * 1024;

/** Reads multipart/form-data that is already in memory. Throws a 400 where it is cut off or malformed. */
export function parseMultipart(raw: Buffer, contentType: string): Part[] {
  const boundary = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  if (!boundary) throw malformed('the boundary is missing in Content-Type');
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const parts: Part[] = [];
  let at = raw.indexOf(delimiter);
  if (at === -1) throw malformed('the boundary does not appear in the body');
  for (;;) {
    at += delimiter.length;
    if (raw[at] === 0x2d && raw[at + 1] === 0x2d) return parts;
    if (parts.length >= partsMax) throw malformed(`there are more than ${partsMax} parts`);
    const headStart = raw.indexOf('\r\n', at);
    // "\r\n" right after the delimiter may also begin the blank line of a part without headers.
    const headEnd = headStart === -1 ? -1 : raw.indexOf('\r\n\r\n', headStart);
    if (headEnd === -1 || headEnd - at > headBytesMax) throw malformed('a part has no headers');
    const end = raw.indexOf(Buffer.concat([crlf, delimiter]), headEnd + 2);
    if (end === -1) throw malformed('the final boundary is missing');
    const part = readPart(raw.subarray(headStart + 2, headEnd).toString('utf8'), raw.subarray(Math.min(headEnd + 4, end), end));
    if (part) parts.push(part);
    at = end + crlf.length;
  }
}

const crlf = Buffer.from('\r\n');

function readPart(head: string, bytes: Buffer): Part | null {
  const headers = new Map(
    head.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const disposition = headers.get('content-disposition') ?? '';
  const name = parameterOf(disposition, 'name');
  if (name === null) return null;
  const encoded = /;\s*filename\*=utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  const filename = encoded === undefined ? parameterOf(disposition, 'filename') : decode(encoded);
  return { name, filename, contentType: headers.get('content-type') ?? '', bytes };
}

/** Browsers put raw UTF-8 between the quotes and write a quote as %22. */
function parameterOf(disposition: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(disposition);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? null : value.replace(/%22/g, '"').replace(/%0d|%0a/gi, ' ');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function malformed(why: string): ApiError {
  return new ApiError('validation_error', `The multipart body is malformed: ${why}.`, { errors: [{ path: 'body', message: why }] });
}
