import type { JWTPayload } from 'jose';
import { email as emailShape } from '../../../contract/auth.ts';
import { canonicalEmail } from '../address.ts';
import type { ProviderSettings } from './settings.ts';

/** Who somebody is at a provider. */
export interface ProvenIdentity {
  provider: ProviderSettings['id'];
  issuer: string;
  subject: string;
  /** In our spelling; null when there is none or it cannot be an address. */
  email: string | null;
  /** The provider vouches that the address is theirs. */
  isEmailVerified: boolean;
}

/** Reads a token that was checked already; undefined when the provider's rule keeps its bearer out. */
export function readIdentity(settings: ProviderSettings, claims: JWTPayload): ProvenIdentity | undefined {
  const { iss: issuer, sub: subject } = claims;
  if (issuer === undefined || subject === undefined || subject === '' || subject.length > 255 || !isAdmitted(settings, claims))
    return undefined;
  const email = readEmail(claims);
  return { provider: settings.id, issuer, subject, email, isEmailVerified: email !== null && vouchesFor(settings, claims) };
}

/** Only the organisation that the operator named. */
function isAdmitted(settings: ProviderSettings, claims: JWTPayload): boolean {
  switch (settings.id) {
    case 'google':
      return settings.hostedDomain === undefined || claims['hd'] === settings.hostedDomain;
    case 'microsoft':
      return claims['tid'] === settings.tenant;
    case 'oidc':
      return true;
  }
}

/** Microsoft sends no email_verified: it says whether the owner of the domain was checked, or the operator knows. */
function vouchesFor(settings: ProviderSettings, claims: JWTPayload): boolean {
  if (settings.id !== 'microsoft') return claims['email_verified'] === true;
  return settings.trustsEmail || [true, 1, '1'].some((yes) => claims['xms_edov'] === yes);
}

function readEmail(claims: JWTPayload): string | null {
  const { email } = claims;
  if (typeof email !== 'string') return null;
  const spelled = canonicalEmail(email);
  return emailShape.safeParse(spelled).success ? spelled : null;
}
