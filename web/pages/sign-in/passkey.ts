import { browserSupportsWebAuthnAutofill, startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import type { SignedIn } from '../../../contract/auth.ts';
import { call } from '../../api.ts';
import { paths } from '../../paths.ts';

interface Challenge {
  challengeId: string;
  options: PublicKeyCredentialRequestOptionsJSON;
}

const askChallenge = () => call<Challenge>(paths.passkeyChallenge, { method: 'POST', body: {}, open: true });

/** Signs in with a passkey of this device; null when the person chose none. */
export async function signInByPasskey(): Promise<SignedIn | null> {
  return answer(await askChallenge(), false);
}

/** Lets the browser offer passkeys where the address is typed. */
export async function offerPasskey(enter: (signedIn: SignedIn) => Promise<void>, failed: (error: unknown) => void): Promise<void> {
  if (!(await browserSupportsWebAuthnAutofill())) return;
  // Nobody asked for it yet: without a challenge there is no offer, and the button says why when it is pressed.
  const challenge = await askChallenge().catch(() => null);
  if (!challenge) return;
  try {
    const signedIn = await answer(challenge, true);
    if (signedIn) await enter(signedIn);
  } catch (error) {
    failed(error);
  }
}

async function answer({ challengeId, options }: Challenge, useBrowserAutofill: boolean): Promise<SignedIn | null> {
  const response = await startAuthentication({ optionsJSON: options, useBrowserAutofill }).catch((error: unknown) => {
    if (isDeclined(error)) return null;
    throw error;
  });
  return response ? call<SignedIn>(paths.passkey, { method: 'POST', body: { challengeId, response }, open: true }) : null;
}

export const stopOffering = (): void => WebAuthnAbortService.cancelCeremony();

/** The person closed the window, waited too long, or took another way. */
function isDeclined(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}
