import { randomBytes } from 'node:crypto';

/** For one answer: what carries it was put there by us. */
export const newNonce = (): string => randomBytes(16).toString('base64');
