import type { Tx } from '../db/pool.ts';

type Queries = Pick<Tx, 'query'>;

export interface TokenRow {
  id: string;
  user_id: string | null;
  email: string | null;
  data: Record<string, unknown>;
}

export async function insertToken(
  where: Queries,
  token: { id: string; purpose: string; hash: Buffer; lifeMs: number; userId?: string; email?: string; data?: Record<string, unknown> },
): Promise<void> {
  await where.query({
    name: 'token_insert',
    text: `insert into one_time_tokens (id, purpose, hash, user_id, email, data, expires_at)
           values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7 / 1000.0))`,
    values: [
      token.id,
      token.purpose,
      token.hash,
      token.userId ?? null,
      token.email ?? null,
      JSON.stringify(token.data ?? {}),
      token.lifeMs,
    ],
  });
}

export async function findToken(where: Queries, purpose: string, id: string, hash: Buffer): Promise<TokenRow | undefined> {
  const [row] = await where.query<TokenRow>({
    name: 'token_find',
    text: `select id, user_id, email, data from one_time_tokens
           where id = $1 and purpose = $2 and hash = $3 and consumed_at is null and expires_at > now()`,
    values: [id, purpose, hash],
  });
  return row;
}

/** Uses a token up; of any number at once exactly one succeeds. */
export async function takeTokenRow(where: Queries, purpose: string, id: string, hash: Buffer): Promise<TokenRow | undefined> {
  const [row] = await where.query<TokenRow>({
    name: 'token_take',
    text: `update one_time_tokens set consumed_at = now()
           where id = $1 and purpose = $2 and hash = $3 and consumed_at is null and expires_at > now() returning id, user_id, email, data`,
    values: [id, purpose, hash],
  });
  return row;
}

/** Ends what a person was sent for these purposes and did not use. */
export async function endTokens(tx: Queries, userId: string, purposes: readonly string[]): Promise<void> {
  await tx.query({
    name: 'token_end',
    text: 'update one_time_tokens set consumed_at = now() where user_id = $1 and purpose = any($2) and consumed_at is null',
    values: [userId, purposes],
  });
}
