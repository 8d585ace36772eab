import type { Me } from '../contract/auth.ts';
import type { Problem as ProblemBody } from '../contract/common.ts';
import { askConfirmation } from './confirmation.ts';
import { paths } from './paths.ts';
import { Problem } from './problem.ts';
import { readToken, renewToken, setMe } from './session.ts';

interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** The same key makes the same effect once, however often it is sent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** A public path: no token, no renewal. `known`: the token goes along where somebody is signed in. */
  open?: boolean | 'known';
}

/**
 * One call of the API. An expired token is renewed once and the call repeated; where the server wants to know again who is
 * here, the person is asked and the call repeated.
 */
export async function call<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  try {
    return await callAs<Answer>(path, options);
  } catch (error) {
    if (error instanceof Problem && changedRights.includes(error.code)) readRightsAgain();
    if (!(error instanceof Problem) || error.code !== 'confirmation_required' || !(await askConfirmation())) throw error;
    return callAs<Answer>(path, options);
  }
}

/** These say that the account or the role is not any more what this page believes. */
const changedRights: Problem['code'][] = ['forbidden', 'account_read_only', 'module_off'];
const rightsAgainMs = 5_000;
let rightsReadAt = Number.NEGATIVE_INFINITY;

/** Asks who is here and what they may do, so that doors which closed meanwhile look closed. */
function readRightsAgain(): void {
  if (performance.now() - rightsReadAt < rightsAgainMs) return;
  rightsReadAt = performance.now();
  void callAs<Me>(paths.me, {}).then(setMe, () => undefined);
}

async function callAs<Answer>(path: string, options: CallOptions): Promise<Answer> {
  const token = options.open === true ? null : (readToken() ?? (await renewToken()));
  if (!token && !options.open) throw new Problem('unauthenticated', 401, 'The session is over.');
  try {
    return await readAnswer<Answer>(await send(path, options, token));
  } catch (error) {
    // A wrong password is a 401 too, and no reason to ask twice.
    if (options.open || !(error instanceof Problem) || error.status !== 401 || error.code === 'invalid_credentials') throw error;
    const renewed = await renewToken(token);
    if (!renewed) throw error;
    return readAnswer<Answer>(await send(path, options, renewed));
  }
}

/** Fetches a file and hands it to the browser to keep; the link alone could not carry the token. */
export async function download(path: string, name: string): Promise<void> {
  const first = await send(path, {}, readToken() ?? (await renewToken()));
  const answer = first.status === 401 ? await send(path, {}, await renewToken(readToken())) : first;
  if (!answer.ok) return void (await readAnswer(answer));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function send(path: string, options: CallOptions, token: string | null): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  try {
    return await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Problem('offline', 0, 'No answer from the server.');
  }
}

async function readAnswer<Answer>(response: Response): Promise<Answer> {
  if (response.status === 204) return undefined as Answer;
  const text = await response.text();
  const body = text ? parse(text) : undefined;
  if (response.ok) return body as Answer;
  const problem = (body ?? {}) as Partial<ProblemBody>;
  const code = problem.code ?? (response.status === 503 || response.status === 502 ? 'unavailable' : 'internal_error');
  const requestId = problem.requestId ?? response.headers.get('x-request-id');
  throw new Problem(code, response.status, problem.detail ?? response.statusText, requestId, problem.errors ?? []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A proxy's HTML page; the status says what there is to say.
  }
}
