import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Desk, type DeskOptions, startDesk } from '../../test/support/desk.ts';
import { whatsappSecrets } from '../../test/support/whatsapp.ts';

const run = promisify(execFile);

export interface BenchInbox {
  accountToken: string;
  id: string;
  hookPath: string;
  phoneNumberId: string;
}

/** A server without demo data, and a way to make accounts in it as an operator would. */
export async function benchDesk(
  dataDir: string,
  options: DeskOptions = {},
): Promise<{ desk: Desk; databaseUrl: string; makeInbox: () => Promise<BenchInbox> }> {
  const env = { GUICHET_DEMO: 'false', ...options.env };
  const desk = await startDesk({ ...options, dataDir, env });
  const cli = (args: string[]) =>
    run(process.execPath, ['cli/guichet.mjs', ...args], { env: { ...process.env, GUICHET_DATA_DIR: dataDir, ...env } });
  const databaseUrl = (await cli(['db', 'url'])).stdout.trim();
  let made = 0;

  async function makeInbox(): Promise<BenchInbox> {
    made += 1;
    const [email, password] = [`bench${made}@example.org`, 'bench-password-1'];
    await cli(['account', 'create', '--name', `Bench ${made}`, '--email', email, '--password', password, '--json']);
    const accountToken = await desk.signIn(email, password);
    const phoneNumberId = `88000000000${made}`;
    const body = { channel: 'whatsapp', name: 'Bench', settings: { phoneNumberId, ...whatsappSecrets } };
    const answer = await desk.call('POST', '/api/v1/inboxes', { token: accountToken, body });
    if (answer.status !== 201) throw new Error(`creating an inbox answered ${answer.status}: ${answer.text}`);
    return { accountToken, id: answer.json.id, hookPath: new URL(answer.json.hookUrl).pathname, phoneNumberId };
  }

  return { desk, databaseUrl, makeInbox };
}
