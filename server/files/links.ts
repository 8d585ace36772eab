import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signed addresses of files: bound to an account and a file, valid for some minutes, usable where no header can be sent. */
export interface FileLinks {
  urlOf(accountId: string, fileId: string): string;
  isValid(accountId: string, fileId: string, expires: number, signature: string): boolean;
}

const validSeconds = 15 * 60;
/** Addresses of one file are equal for this long, so that browsers keep what they fetched. */
const stepSeconds = 5 * 60;

export function createFileLinks(key: Buffer): FileLinks {
  const sign = (accountId: string, fileId: string, expires: number) =>
    createHmac('sha256', key).update(`${accountId} ${fileId} ${expires}`).digest('base64url');
  return {
    urlOf(accountId, fileId) {
      const expires = Math.ceil(Date.now() / 1_000 / stepSeconds) * stepSeconds + validSeconds;
      return `/api/v1/files/${fileId}?account=${accountId}&expires=${expires}&signature=${sign(accountId, fileId, expires)}`;
    },
    isValid(accountId, fileId, expires, signature) {
      const [wanted, given] = [Buffer.from(sign(accountId, fileId, expires)), Buffer.from(signature)];
      return wanted.length === given.length && timingSafeEqual(wanted, given) && expires > Date.now() / 1_000;
    },
  };
}
