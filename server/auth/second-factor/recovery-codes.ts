import { createHash, randomBytes } from 'node:crypto';
import { recoveryCodesCount } from '../../../contract/security.ts';

/** Without letters that look like digits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const codeBytes = 10;

/** Codes of 80 random bits, written `xxxx-xxxx-xxxx-xxxx`. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodesCount }, makeRecoveryCode);
}

/** What is kept of a code: nobody can try 80 bits, so a plain hash will do. */
export function hashRecoveryCode(userId: string, code: string): Buffer {
  return createHash('sha256')
    .update(`recovery code of ${userId}: ${normalise(code)}`)
    .digest();
}

function makeRecoveryCode(): string {
  let bits = BigInt(`0x${randomBytes(codeBytes).toString('hex')}`);
  let code = '';
  for (let n = 0; n < (codeBytes * 8) / 5; n += 1) {
    code += alphabet[Number(bits & 31n)] ?? '';
    bits >>= 5n;
  }
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** As people copy it from paper: with or without hyphens, in capitals, with letters that the alphabet leaves out. */
function normalise(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
}
