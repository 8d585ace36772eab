import type { TestApp } from './app.ts';

/** What a browser keeps of cookies and where it is sent, over plain HTTP requests to the test's app. */
export interface Jar {
  cookies: Map<string, string>;
  /** Follows one step: the address it is given, on our side; returns where it is sent next, or the page it is left on. */
  visit(address: string, headers?: Record<string, string>): Promise<{ status: number; location: string; text: string }>;
  send(method: string, path: string, options?: { token?: string; body?: unknown }): ReturnType<TestApp['api']>;
}

export function cookieJar(desk: TestApp): Jar {
  const cookies = new Map<string, string>();
  const shown = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const keep = (headers: Headers) => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const isGone = attributes.some((one) => /^Max-Age=0$/i.test(one) || /^Expires=Thu, 01 Jan 1970/i.test(one));
      if (isGone) cookies.delete(name);
      else cookies.set(name, value);
    }
  };
  return {
    cookies,
    async visit(address, headers = {}) {
      // The public address of the desk leads to the port it listens on.
      const path = address.startsWith(desk.context.config.publicUrl) ? address.slice(desk.context.config.publicUrl.length) : address;
      const answer = await desk.call('GET', path, { headers: { cookie: shown(), ...headers } });
      keep(answer.headers);
      return { status: answer.status, location: answer.headers.get('location') ?? '', text: answer.text };
    },
    async send(method, path, options = {}) {
      const answer = await desk.api(method, path, { ...options, headers: { cookie: shown() } });
      keep(answer.headers);
      return answer;
    },
  };
}
