import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import type { SignedIn } from '../../../contract/auth.ts';
import { call } from '../../api.ts';
import { askPasskeyChallenge, type PasskeyProof, showPasskey } from '../../passkey-proof.ts';
import { paths } from '../../paths.ts';

/** Signs in with a passkey of this device; null when the person chose none. */
export async function signInByPasskey(): Promise<SignedIn | null> {
  const proof = await showPasskey(await askPasskeyChallenge());
  return proof && send(proof);
}

/** Lets the browser offer passkeys where the address is typed. */
export async function offerPasskey(enter: (signedIn: SignedIn) => Promise<void>, failed: (error: unknown) => void): Promise<void> {
  if (!(await browserSupportsWebAuthnAutofill())) return;
  // Nobody asked for it yet: without a challenge there is no offer, and the button says why when it is pressed.
  const challenge = await askPasskeyChallenge().catch(() => null);
  if (!challenge) return;
  try {
    const proof = await showPasskey(challenge, true);
    if (proof) await enter(await send(proof));
  } catch (error) {
    failed(error);
  }
}

const send = (proof: PasskeyProof) => call<SignedIn>(paths.passkey, { method: 'POST', body: proof, open: true });

export const stopOffering = (): void => WebAuthnAbortService.cancelCeremony();
