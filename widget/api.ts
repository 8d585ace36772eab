import type { VisitorMessage } from '../contract/socket.ts';

export interface Session {
  token: string;
  inbox: { name: string; title: string | null; greeting: string | null };
  messages: VisitorMessage[];
  nextCursor: string | null;
}

export interface MessagePage {
  items: VisitorMessage[];
  nextCursor: string | null;
}

/** The server said no; status 0 means that it was not reached. */
export class CallError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;
  constructor(status: number, retryAfterMs = 0) {
    super(`call answered ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Api {
  start(token: string | null): Promise<Session>;
  list(token: string, cursor: string | null): Promise<MessagePage>;
  write(token: string, id: string, text: string): Promise<VisitorMessage>;
}

export function createApi(base: string, key: string): Api {
  async function call<Answer>(path: string, token: string | null, body?: unknown): Promise<Answer> {
    const response = await fetch(`${base}/chat/${encodeURIComponent(key)}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      credentials: 'omit',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new CallError(0);
    });
    if (!response.ok) throw new CallError(response.status, Number(response.headers.get('retry-after') ?? 0) * 1000);
    return response.json().catch(() => {
      throw new CallError(0);
    }) as Promise<Answer>;
  }
  return {
    start: (token) => call('sessions', null, token === null ? {} : { token }),
    list: (token, cursor) => call(`messages?limit=50${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, token),
    write: (token, id, text) => call('messages', token, { id, text }),
  };
}
