import type { Tx } from '../db/pool.ts';

export async function insertMail(tx: Tx, mail: { id: string; kind: string; subjectId: string }): Promise<void> {
  await tx.query({
    name: 'mail_insert',
    text: 'insert into mails (id, kind, subject_id) values ($1, $2, $3)',
    values: [mail.id, mail.kind, mail.subjectId],
  });
}
