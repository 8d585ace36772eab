import type { Database } from '../db/pool.ts';
import type { WrappedKey } from './masters.ts';
import { listAuditKeys } from './queries.ts';

/** Keys that marked the audit chain under earlier master keys, the newest first. */
export const listRetiredChainKeys = (database: Pick<Database, 'query'>): Promise<WrappedKey[]> => listAuditKeys(database);
