import type { SignInWays } from '../../contract/links.ts';
import type { Context } from '../context.ts';
import { listProviders } from './oidc/providers.ts';

/** The ways in that this installation offers. */
export async function findWays({ config }: Context): Promise<SignInWays> {
  return { password: true, magicLink: config.smtp !== undefined, passkey: true, providers: listProviders(config) };
}
