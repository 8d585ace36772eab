import { z } from 'zod';
import { id, time } from './common.ts';

export const providerId = z.enum(['google', 'microsoft', 'oidc']).describe('`oidc`: the OpenID provider that the operator chose');
export type ProviderId = z.infer<typeof providerId>;

/** A button on the sign-in page. */
export const provider = z.object({ id: providerId, name: z.string().describe('What the button says') });
export type Provider = z.infer<typeof provider>;

/** Somebody's identity at a provider: with it they sign in. */
export const identity = z.object({
  id,
  provider: z.string(),
  name: z.string().describe('Name of the provider'),
  email: z.string().nullable().describe('As the provider said at the last sign-in; for people to look at'),
  createdAt: time,
  lastUsedAt: time.nullable(),
});
export type Identity = z.infer<typeof identity>;

/** Why a sign-in at a provider came to nothing: `?problem=` of the page that the browser is sent to. */
export const oidcProblem = z.enum([
  'oidc_no_account',
  'oidc_unavailable',
  'oidc_expired',
  'oidc_cancelled',
  'oidc_refused',
  'oidc_email_unverified',
  'oidc_link_first',
  'oidc_taken',
]);
export type OidcProblem = z.infer<typeof oidcProblem>;

export const startQuery = z.strictObject({
  next: z.string().max(1000).optional().describe('Path of ours to go to afterwards; anything else counts as /'),
});

/** What a provider sends along with the browser; it may add more. */
export const callbackQuery = z.looseObject({
  code: z.string().max(4096).optional(),
  state: z.string().max(1024).optional(),
  iss: z.string().max(1024).optional(),
  error: z.string().max(256).optional(),
});

export const providerUrl = z.object({ url: z.string().describe('Where to send the browser now; good for ten minutes, in this browser') });
