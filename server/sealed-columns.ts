import { signingSecretPurpose } from './api-keys/secrets.ts';
import { refreshPurpose } from './auth/actions.ts';
import { totpPurpose } from './auth/second-factor/check.ts';
import { inboxSecrets } from './credentials/seal.ts';

/** A column whose values are sealed, and what is bound into each. */
export interface SealedColumn {
  table: string;
  column: string;
  /** Of one account, whose id is bound in too and without which its rows are not seen. */
  isTenant: boolean;
  purposeOf(rowId: string): string;
}

/** Every sealed column there is: what a change of keys goes through. A test compares it with the database. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'inboxes', column: 'secrets_sealed', isTenant: true, purposeOf: () => inboxSecrets },
  { table: 'api_keys', column: 'signing_secret_sealed', isTenant: true, purposeOf: () => signingSecretPurpose },
  { table: 'api_keys', column: 'previous_signing_secret_sealed', isTenant: true, purposeOf: () => signingSecretPurpose },
  { table: 'sessions', column: 'successor_sealed', isTenant: false, purposeOf: refreshPurpose },
  { table: 'users', column: 'totp_sealed', isTenant: false, purposeOf: totpPurpose },
];
