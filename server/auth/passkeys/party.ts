import type { Config } from '../../config.ts';
import { isLoopback } from '../../loopback.ts';

/** Whom passkeys are bound to, and the pages that may ask for them. */
export interface Party {
  id: string;
  origins: string[];
}

/**
 * The public address; on this machine `localhost`, since browsers bind passkeys to names and not to addresses, at the port
 * that was asked. A page of another port names itself in what it signs, so the Host header lets nobody else in.
 */
export function partyOf({ publicUrl }: Pick<Config, 'publicUrl'>, host: string | undefined): Party {
  const { hostname, origin, protocol, port } = new URL(publicUrl);
  if (!isLoopback(hostname.replace(/^\[|\]$/g, ''))) return { id: hostname, origins: [origin] };
  const here = /^localhost(:\d+)?$/.test(host ?? '') ? [`http://${host}`] : [];
  return { id: 'localhost', origins: [`${protocol}//localhost${port === '' ? '' : `:${port}`}`, ...here] };
}
