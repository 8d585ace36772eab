import { startAuthentication } from '@simplewebauthn/browser';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { call } from './api.ts';
import { paths } from './paths.ts';

export interface PasskeyChallenge {
  challengeId: string;
  options: PublicKeyCredentialRequestOptionsJSON;
}

export interface PasskeyProof {
  challengeId: string;
  response: AuthenticationResponseJSON;
}

export const askPasskeyChallenge = () => call<PasskeyChallenge>(paths.passkeyChallenge, { method: 'POST', body: {}, open: true });

/** Has the person show a passkey; null when they closed the window, waited too long, or took another way. */
export async function showPasskey({ challengeId, options }: PasskeyChallenge, useBrowserAutofill = false): Promise<PasskeyProof | null> {
  try {
    return { challengeId, response: await startAuthentication({ optionsJSON: options, useBrowserAutofill }) };
  } catch (error) {
    if (error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')) return null;
    throw error;
  }
}
