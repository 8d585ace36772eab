/** Where system mail is handed over. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS when it is offered. */
  isImplicitTls: boolean;
  /** Nothing is said before the connection is encrypted and the server has proven its name. */
  needsTls: boolean;
  login: { user: string; password: string } | undefined;
}

/** Who system mail is from. */
export interface Sender {
  name: string;
  address: string;
}

/**
 * Reads `smtp://user:password@host:587` or `smtps://…`; undefined when it is neither. Beyond this machine the connection must be
 * encrypted, since links are secrets; `?tls=optional` is for a relay inside a network of one's own.
 */
export function readSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isImplicitTls = url.protocol === 'smtps:';
  const tls = url.searchParams.get('tls');
  const hasOther = [...url.searchParams.keys()].some((name) => name !== 'tls') || (tls !== null && tls !== 'optional');
  if ((!isImplicitTls && url.protocol !== 'smtp:') || url.hostname === '' || hasOther) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isHere = host === 'localhost' || host === '::1' || /^127\./.test(host);
  return {
    host,
    port: url.port === '' ? (isImplicitTls ? 465 : 587) : Number(url.port),
    isImplicitTls,
    needsTls: !isHere && tls === null,
    login: url.username === '' ? undefined : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
  };
}

/** Reads `desk@example.org` or `Name <desk@example.org>`; undefined when it is neither. */
export function readSender(text: string): Sender | undefined {
  const [, quoted = '', angled = '', bare = ''] = /^(?:([^<>"\p{Cc}]{0,100}?)\s*<([^<>\s]+)>|([^<>\s]+))$/u.exec(text.trim()) ?? [];
  const address = angled || bare;
  return /^[A-Za-z0-9._+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(address)
    ? { name: quoted.trim() || 'Guichet', address }
    : undefined;
}
