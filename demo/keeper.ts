import { inboxSecrets } from '../server/credentials/seal.ts';
import type { Context } from '../server/context.ts';
import { phoneNumberId } from './content/account.ts';
import { createProviderClient, type ProviderClient } from './provider/client.ts';
import { type RunningProvider, startProvider } from './provider/supervisor.ts';
import { type DemoInbox, findDemoInboxes, forgetStandIn, moveStandIn } from './queries.ts';

/** Keeps the stand-in provider running while a demo needs one. */
export interface Keeper {
  /** To look again soon: the demo was made or removed. */
  check(): Promise<void>;
  stop(): void;
}

export interface KeeperOptions {
  /** Where this process answers hooks, on this machine. */
  base: string;
  /** Share of the stand-in's believable delays. */
  pace?: number;
}

const checkMs = 5_000;

/**
 * One stand-in serves all processes of the installation: whoever finds that nobody answers at the inbox's address
 * starts one and writes its own address there.
 */
export function keepProvider(context: Context, options: KeeperOptions): Keeper {
  let running: RunningProvider | undefined;
  let inbox: DemoInbox | undefined;
  let isStopped = false;
  let checking: Promise<void> = Promise.resolve();

  async function check(): Promise<void> {
    if (isStopped) return;
    inbox = (await findDemoInboxes(context.database)).find(isStoodIn);
    if (inbox && inbox.settings.phoneNumberId !== phoneNumberId) {
      await forgetStandIn(context.database, inbox);
      inbox = undefined;
    }
    if (!inbox) {
      running?.stop();
      running = undefined;
    } else if (!running) await startUnlessAnswered(inbox);
  }

  async function startUnlessAnswered(found: DemoInbox): Promise<void> {
    const secrets = await readSecrets(context, found);
    if (await (await clientOf(context, found))?.readState()) return;
    const [appSecret, accessToken] = [secrets.appSecret ?? '', secrets.accessToken ?? ''];
    const started = await startProvider(
      { hookUrl: `${options.base}/hooks/${found.key}`, appSecret, accessToken, phoneNumberId, port: 0, pace: options.pace ?? 1 },
      (url) => void point(url).catch((error: unknown) => context.log.warn({ err: error }, 'the stand-in could not be announced')),
    );
    if (isStopped) started.stop();
    else running = started;
  }

  /** After a restart the stand-in is mostly where it was. */
  async function point(url: string): Promise<void> {
    const [current] = (await findDemoInboxes(context.database)).filter(isStoodIn);
    if (current && current.settings.apiUrl !== url) await moveStandIn(context.database, current, url);
  }

  const run = () => {
    checking = checking.then(check).catch((error: unknown) => context.log.warn({ err: error }, 'the stand-in could not be looked after'));
    return checking;
  };
  const timer = setInterval(() => void run(), checkMs);
  timer.unref();
  void run();
  return {
    check: run,
    stop() {
      isStopped = true;
      clearInterval(timer);
      running?.stop();
    },
  };
}

/** An inbox whose replies go to the stand-in. */
export const isStoodIn = (inbox: DemoInbox) => inbox.channel === 'whatsapp' && typeof inbox.settings.apiUrl === 'string';

/** The controls of the inbox's stand-in; undefined for an inbox that has none. */
export async function clientOf(context: Pick<Context, 'sealer'>, inbox: DemoInbox): Promise<ProviderClient | undefined> {
  const { apiUrl } = inbox.settings;
  const { accessToken } = await readSecrets(context, inbox);
  return typeof apiUrl === 'string' && accessToken ? createProviderClient(apiUrl, accessToken) : undefined;
}

async function readSecrets({ sealer }: Pick<Context, 'sealer'>, inbox: DemoInbox): Promise<Record<string, string>> {
  return inbox.secretsSealed ? sealer.unsealJson<Record<string, string>>(inbox.secretsSealed, inboxSecrets, inbox.accountId) : {};
}
