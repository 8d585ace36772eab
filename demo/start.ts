import type { Context } from '../server/context.ts';
import { keepProvider } from './keeper.ts';
import { demoPassword, findPasswordOf, fitPasswords } from './password.ts';
import { members } from './content/account.ts';
import { readDemoHistory } from './queries.ts';
import { seedDemo } from './seed.ts';

/** Makes the demo where it is due, and fits its sign-ins to where this server is reached. Before anybody is answered. */
export async function prepareDemo(context: Context, onProgress: (line: string) => void): Promise<void> {
  const { config, database, sealer, channels, actors } = context;
  const made = await seedDemo({
    database,
    sealer,
    channels,
    actor: actors.system,
    wanted: config.demo,
    password: () => demoPassword(config),
  });
  if (made) onProgress('Made the demo desk with a week of sample conversations.');
  const { demoAccountIds } = await database.withoutAccount(readDemoHistory);
  for (const accountId of demoAccountIds) await fitPasswords(database, accountId, config);
}

/** The demo's first sign-in, to be printed, without a password that somebody chose themselves; undefined when there is no demo. */
export async function findDemoSignIn(context: Context): Promise<{ email: string; password: string | undefined } | undefined> {
  const [accountId] = (await context.database.withoutAccount(readDemoHistory)).demoAccountIds;
  if (accountId === undefined) return undefined;
  const { email } = members.demo;
  return { email, password: await findPasswordOf(context.database, accountId, email, context.config) };
}

/** Keeps the stand-in provider running beside a server that listens on this port; returns how to end it. */
export function keepDemo(context: Context, port: number): () => void {
  const { host, demo } = context.config;
  if (demo === false) return () => {};
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  const keeper = keepProvider(context, { base: `http://${name}:${port}` });
  context.standIn = keeper;
  return () => keeper.stop();
}
