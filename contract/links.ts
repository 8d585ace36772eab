import { z } from 'zod';
import { email, password } from './auth.ts';

/** What sign-ins by a link and changes of address and password are asked with. */
export const signInWays = z.object({
  password: z.literal(true),
  magicLink: z.boolean().describe('Whether this installation sends mail: without it links are made by its operator'),
  passkey: z.literal(true),
  providers: z.array(z.object({ id: z.string(), name: z.string() })).describe('OpenID providers'),
});
export type SignInWays = z.infer<typeof signInWays>;

export const linkRequest = z.strictObject({ email }).meta({ example: { email: 'ana@example.org' } });

/** The answer to every request for a mail: it says nothing, whoever has the address. */
export const asked = z.object({});

const token = z.string().min(1).max(200).describe('What stands behind #token= in the link');
export const linkToken = z.strictObject({ token });
export const magicLinkToken = z.strictObject({
  token,
  totp: z.string().max(32).optional().describe('Six digits of the authenticator app, or a recovery code'),
  tokenDelivery: z.enum(['cookie', 'body']).default('cookie'),
});
export const resetToken = z.strictObject({ token, password });

export const passwordChange = z.strictObject({
  currentPassword: z.string().min(1).max(256).optional().describe('Not needed within 15 minutes of a sign-in or confirmation'),
  password,
});
