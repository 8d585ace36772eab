import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL } from '@simplewebauthn/server/helpers';
import type { AssertionResponse, RegistrationResponse } from '../../../contract/passkeys.ts';
import type { Party } from './party.ts';

/** EdDSA, ES256, RS256. */
export const algorithms = [-8, -7, -257];

export interface NewCredential {
  credentialId: Buffer;
  publicKey: Buffer;
  counter: number;
  isBackedUp: boolean;
}

/** The credential of an answer that fits its challenge, party and rules; else undefined. */
export async function verifyRegistration(
  response: RegistrationResponse,
  challenge: string,
  party: Party,
): Promise<NewCredential | undefined> {
  const { verified, registrationInfo } = await refusedAsUndefined(() => {
    refuseForeignFrame(response.response.clientDataJSON);
    refuseCertificates(response.response.attestationObject);
    return verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
  });
  if (!verified) return undefined;
  const { credential, credentialBackedUp } = registrationInfo;
  return {
    credentialId: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    isBackedUp: credentialBackedUp,
  };
}

/** What a signature by this key says, if it fits its challenge, party and rules. The counter is compared where it is kept. */
export async function verifyAssertion(
  response: AssertionResponse,
  publicKey: Buffer,
  challenge: string,
  party: Party,
): Promise<{ counter: number; isBackedUp: boolean } | undefined> {
  const { userHandle, ...rest } = response.response;
  const { verified, authenticationInfo } = await refusedAsUndefined(() => {
    refuseForeignFrame(rest.clientDataJSON);
    return verifyAuthenticationResponse({
      response: { ...response, response: { ...rest, ...(userHandle ? { userHandle } : {}) }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: response.id, publicKey: new Uint8Array(publicKey), counter: 0 },
    });
  });
  return verified ? { counter: authenticationInfo.newCounter, isBackedUp: authenticationInfo.credentialBackedUp } : undefined;
}

/** The library throws for whatever does not fit, hostile bytes included: one outcome to us. */
async function refusedAsUndefined<Verified extends { verified: boolean }>(
  verify: () => Promise<Verified>,
): Promise<Verified | { verified: false; registrationInfo?: never; authenticationInfo?: never }> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof Error) return { verified: false };
    throw error;
  }
}

/** We ask for no attestation, and check none: the library would fetch revocation lists from where certificates say. */
function refuseCertificates(attestationObject: string): void {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = decoded.get('fmt');
  const isOwn = format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
  if (!isOwn) throw new Error(`an attestation ${format} was not asked for`);
}

/** A page of ours inside another's is not where somebody signs in. */
function refuseForeignFrame(clientDataJSON: string): void {
  if (decodeClientDataJSON(clientDataJSON).crossOrigin) throw new Error('the page was inside another');
}
