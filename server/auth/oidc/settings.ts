import { z } from 'zod';
import type { ProviderId } from '../../../contract/oidc.ts';
import { isLoopback } from '../../loopback.ts';

interface ProviderBase {
  id: ProviderId;
  /** What the button says. */
  name: string;
  /** Where the provider describes itself, and what its tokens must name as their issuer. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** How we show our secret; undefined: as the provider's description says. */
  clientAuth: 'client_secret_basic' | 'client_secret_post' | undefined;
}

/** An OpenID provider as the operator set it up, with what decides about its e-mail addresses. */
export type ProviderSettings = ProviderBase &
  ({ id: 'google'; hostedDomain: string | undefined } | { id: 'microsoft'; tenant: string; trustsEmail: boolean } | { id: 'oidc' });

/** Microsoft describes these for everybody's tenant at once: whoever has any tenant could sign in. */
const sharedTenants = /^https:\/\/[^/]*\b(microsoftonline|windows)\.[^/]+\/(common|organizations|consumers)(\/|$)/i;

const issuerAddress = z
  .string()
  .refine(isIssuer, 'must be an https address without query, or http on this machine')
  .refine((value) => !sharedTenants.test(value), 'must name one tenant, not common, organizations or consumers');
const given = z.string().max(2_000);

/** The variables of the environment, to be spread into its schema. */
export const providerEnvironment = {
  GUICHET_GOOGLE_CLIENT_ID: given.optional(),
  GUICHET_GOOGLE_CLIENT_SECRET: given.optional(),
  GUICHET_GOOGLE_ISSUER: issuerAddress.default('https://accounts.google.com'),
  GUICHET_GOOGLE_HOSTED_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain such as example.org')
    .transform((value) => value.toLowerCase())
    .optional(),
  GUICHET_MICROSOFT_TENANT: z
    .guid('must be the id of your tenant (a GUID), not its domain and not common, organizations or consumers')
    .transform((value) => value.toLowerCase())
    .optional(),
  GUICHET_MICROSOFT_CLIENT_ID: given.optional(),
  GUICHET_MICROSOFT_CLIENT_SECRET: given.optional(),
  GUICHET_MICROSOFT_ISSUER: issuerAddress.optional(),
  GUICHET_MICROSOFT_TRUST_EMAIL: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true'),
  GUICHET_OIDC_ISSUER: issuerAddress.optional(),
  GUICHET_OIDC_CLIENT_ID: given.optional(),
  GUICHET_OIDC_CLIENT_SECRET: given.optional(),
  GUICHET_OIDC_NAME: z.string().trim().min(1).max(60, 'must have at most 60 characters').optional(),
  GUICHET_OIDC_CLIENT_AUTH: z
    .enum(['client_secret_basic', 'client_secret_post'], 'must be client_secret_basic or client_secret_post')
    .optional(),
};

const environment = z.object(providerEnvironment);

const neededTogether = [
  ['GUICHET_GOOGLE_CLIENT_ID', 'GUICHET_GOOGLE_CLIENT_SECRET'],
  ['GUICHET_MICROSOFT_TENANT', 'GUICHET_MICROSOFT_CLIENT_ID', 'GUICHET_MICROSOFT_CLIENT_SECRET'],
  ['GUICHET_OIDC_ISSUER', 'GUICHET_OIDC_CLIENT_ID', 'GUICHET_OIDC_CLIENT_SECRET'],
] as const;

/** A provider that is only half set up. */
export function findProviderContradictions(env: Record<string, string | undefined>): string[] {
  return neededTogether
    .filter((names) => names.some((name) => env[name] !== undefined) && names.some((name) => env[name] === undefined))
    .map((names) => `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are needed together`);
}

/** The providers that are set up, in the order in which the sign-in page shows them. */
export function toProviders(env: z.infer<typeof environment>): ProviderSettings[] {
  return [google(env), microsoft(env), other(env)].filter((one) => one !== undefined);
}

type Environment = z.infer<typeof environment>;

function google(env: Environment): ProviderSettings | undefined {
  const { GUICHET_GOOGLE_CLIENT_ID: clientId, GUICHET_GOOGLE_CLIENT_SECRET: clientSecret } = env;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const hostedDomain = env.GUICHET_GOOGLE_HOSTED_DOMAIN;
  return { id: 'google', name: 'Google', issuer: env.GUICHET_GOOGLE_ISSUER, clientId, clientSecret, clientAuth: undefined, hostedDomain };
}

function microsoft(env: Environment): ProviderSettings | undefined {
  const { GUICHET_MICROSOFT_TENANT: tenant, GUICHET_MICROSOFT_CLIENT_ID: clientId, GUICHET_MICROSOFT_CLIENT_SECRET: clientSecret } = env;
  if (tenant === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  const issuer = env.GUICHET_MICROSOFT_ISSUER ?? `https://login.microsoftonline.com/${tenant}/v2.0`;
  const trustsEmail = env.GUICHET_MICROSOFT_TRUST_EMAIL;
  return { id: 'microsoft', name: 'Microsoft', issuer, clientId, clientSecret, clientAuth: undefined, tenant, trustsEmail };
}

function other(env: Environment): ProviderSettings | undefined {
  const { GUICHET_OIDC_ISSUER: issuer, GUICHET_OIDC_CLIENT_ID: clientId, GUICHET_OIDC_CLIENT_SECRET: clientSecret } = env;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  const name = env.GUICHET_OIDC_NAME ?? new URL(issuer).hostname;
  return { id: 'oidc', name, issuer, clientId, clientSecret, clientAuth: env.GUICHET_OIDC_CLIENT_AUTH };
}

function isIssuer(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')));
}
