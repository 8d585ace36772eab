import { errors } from 'jose';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import type { OidcProblem } from '../../../contract/oidc.ts';
import { EgressError } from '../../egress/fetch.ts';
import { ProviderError } from './providers.ts';

/** The person, or the provider on their behalf, went no further. */
const cancelled = ['access_denied', 'login_required', 'consent_required', 'interaction_required', 'account_selection_required'];
/** The provider did not answer, or not as one does. */
const unreachable = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
  'ERR_JWKS_TIMEOUT',
  'ERR_JWKS_INVALID',
  'ERR_JOSE_GENERIC',
];

/** What to tell the person about a failed exchange. What cannot be told apart is refused. */
export function problemOf(error: unknown): OidcProblem {
  if (error instanceof AuthorizationResponseError) {
    if (cancelled.includes(error.error)) return 'oidc_cancelled';
    return ['server_error', 'temporarily_unavailable'].includes(error.error) ? 'oidc_unavailable' : 'oidc_refused';
  }
  // The code was used or is old; anything else, such as a wrong client secret, is for the operator to mend.
  if (error instanceof ResponseBodyError) return error.error === 'invalid_grant' ? 'oidc_expired' : 'oidc_unavailable';
  // There was no connection, or no answer in time; the libraries wrap it in an error of their own.
  if (error instanceof EgressError || (error instanceof Error && error.cause instanceof EgressError)) return 'oidc_unavailable';
  if (error instanceof ClientError || error instanceof errors.JOSEError)
    return unreachable.includes(error.code ?? '') ? 'oidc_unavailable' : 'oidc_refused';
  return error instanceof TypeError || error instanceof ProviderError ? 'oidc_unavailable' : 'oidc_refused';
}
