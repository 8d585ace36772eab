import { explainProblem } from '../../forms/explain.ts';
import type { Translate } from '../../i18n/use-t.ts';
import { Problem } from '../../problem.ts';

/** Why somebody did not get in, in their words. */
export function explainSignIn(error: unknown, t: Translate): string {
  if (error instanceof Problem && error.code === 'invalid_credentials') return t('signIn.wrong');
  if (error instanceof Problem && error.code === 'rate_limit_exceeded') return t('signIn.tooMany');
  const why = explainProblem(error, t);
  return error instanceof Problem && error.status >= 500 && error.requestId ? `${why} ${t('error.request', { id: error.requestId })}` : why;
}

export const isWrong = (error: unknown): boolean => error instanceof Problem && error.code === 'invalid_credentials';
export const wantsCode = (error: unknown): boolean => error instanceof Problem && error.code === 'totp_required';

const oidcProblems = [
  'oidc_no_account',
  'oidc_unavailable',
  'oidc_expired',
  'oidc_cancelled',
  'oidc_refused',
  'oidc_email_unverified',
  'oidc_link_first',
  'oidc_taken',
] as const;

/** What a provider's sign-in came to, by the code in the address. */
export function explainProvider(problem: string, t: Translate): string {
  const known = oidcProblems.find((one) => one === problem);
  return t(known ? `oidc.${known}` : 'oidc.unknown');
}
