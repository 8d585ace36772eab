import { startRegistration } from '@simplewebauthn/browser';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { call } from '../../../api.ts';
import { paths } from '../../../paths.ts';

interface Challenge {
  challengeId: string;
  options: PublicKeyCredentialCreationOptionsJSON;
}

/** Makes a passkey on this device and tells the server of it. */
export async function registerPasskey(name: string): Promise<'added' | 'declined' | 'known' | 'failed'> {
  const { challengeId, options } = await call<Challenge>(paths.myPasskeyChallenge, { method: 'POST', body: {} });
  try {
    const response = await startRegistration({ optionsJSON: options });
    await call(paths.myPasskeys, { method: 'POST', body: { challengeId, name, response } });
    return 'added';
  } catch (error) {
    if (!(error instanceof Error) || !(error.name in outcomes)) throw error;
    return outcomes[error.name as keyof typeof outcomes];
  }
}

/** What the browser's refusals mean to a person. */
const outcomes = {
  NotAllowedError: 'declined',
  AbortError: 'declined',
  InvalidStateError: 'known',
  NotSupportedError: 'failed',
  ConstraintError: 'failed',
  SecurityError: 'failed',
  UnknownError: 'failed',
} as const;
