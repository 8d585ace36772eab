import type { ProviderMode, ProviderState, Received } from './protocol.ts';

export interface Written {
  id: string;
  /** What the hook answered at the first attempt; 0: nothing, it is being tried again. */
  hookStatus: number;
  durationMs: number;
}

/** The controls of a running stand-in. Every call is undefined while nobody answers. */
export interface ProviderClient {
  readState(): Promise<ProviderState | undefined>;
  setMode(mode: ProviderMode): Promise<ProviderState | undefined>;
  write(message: { from: string; name: string; text: string }): Promise<Written | undefined>;
  listReceived(to: string, after: number): Promise<{ boot: string; items: Received[] } | undefined>;
}

const timeoutMs = 12_000;

export function createProviderClient(url: string, accessToken: string): ProviderClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    try {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      return response.ok ? (answer as T) : undefined;
    } catch {
      // It is being started again, or another process of ours keeps it and ended: both pass.
      return undefined;
    }
  }
  return {
    readState: () => call('GET', '/state'),
    setMode: (mode) => call('PUT', `/mode?mode=${mode}`),
    write: (message) => call('POST', '/customer/messages', message),
    listReceived: (to, after) => call('GET', `/outbox?to=${encodeURIComponent(to)}&after=${after}`),
  };
}
