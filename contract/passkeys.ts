import { z } from 'zod';
import { id, safeText, time } from './common.ts';

export const passkeysMax = 20;

const challengeId = id.describe('Of the options that the answer belongs to; works once, for five minutes');
const base64url = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[\w-]+$/, 'must be base64url');
/** A credential id has at most 1,023 bytes. */
const credentialId = base64url(1_364);
const knownCredential = z.object({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()).optional() });

export const passkey = z.object({
  id,
  name: z.string(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  backedUp: z.boolean().describe('Kept by a password manager on several devices; false: bound to one device'),
});
export type Passkey = z.infer<typeof passkey>;

/** What `navigator.credentials.create` takes, bytes as base64url. */
export const registrationChallenge = z.object({
  challengeId,
  options: z.object({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ alg: z.number().int(), type: z.literal('public-key') })),
    timeout: z.number().int().describe('Milliseconds'),
    attestation: z.literal('none'),
    excludeCredentials: z.array(knownCredential),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
    extensions: z.object({ credProps: z.boolean() }),
  }),
});

/** What `navigator.credentials.get` takes, bytes as base64url. No credential is named: the device knows which it has. */
export const signInChallenge = z.object({
  challengeId,
  options: z.object({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.number().int().describe('Milliseconds'),
    userVerification: z.literal('required'),
    allowCredentials: z.array(knownCredential),
  }),
});

/** Answers of browsers are no shapes of ours: what they add is left aside. */
const answer = { id: credentialId, rawId: credentialId, type: z.literal('public-key') };

/** What `navigator.credentials.create` gave, as its `toJSON` writes it. */
export const registrationResponse = z.object({
  ...answer,
  response: z.object({
    clientDataJSON: base64url(8_000),
    attestationObject: base64url(20_000),
    transports: z.array(z.string().max(32)).max(16).default([]),
  }),
});
export type RegistrationResponse = z.infer<typeof registrationResponse>;

/** What `navigator.credentials.get` gave, as its `toJSON` writes it. */
export const assertionResponse = z.object({
  ...answer,
  response: z.object({
    clientDataJSON: base64url(8_000),
    authenticatorData: base64url(8_000),
    signature: base64url(4_000),
    userHandle: base64url(100).nullish(),
  }),
});
export type AssertionResponse = z.infer<typeof assertionResponse>;

const name = safeText(1, 120).refine((value) => value.trim() !== '', 'must not be blank');

/** A body that says nothing; it may be left out. */
export const noBody = z.strictObject({}).default({});
export const newPasskey = z.strictObject({ challengeId, name, response: registrationResponse });
export const passkeyChange = z.strictObject({ name }).meta({ example: { name: 'Phone' } });
export const passkeyProof = z.strictObject({ challengeId, response: assertionResponse });
export const passkeySignIn = z.strictObject({
  challengeId,
  response: assertionResponse,
  tokenDelivery: z.enum(['cookie', 'body']).default('cookie'),
});
