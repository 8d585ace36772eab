import { z } from 'zod';
import { auditEntry, auditQuery } from '../../contract/audit.ts';
import { page } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { listAudit } from './actions.ts';
import { exportAudit } from './export.ts';

const tags = ['audit'];

/** What was done to settings, access and data, by whom. */
export function registerAudit(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/audit',
    config: { access: 'audit.read' },
    schema: {
      operationId: 'listAudit',
      summary: 'What members, keys and the system did, the newest first',
      tags,
      querystring: auditQuery,
      response: { 200: page(auditEntry) },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listAudit(tx, request.query)),
  });

  api.route({
    method: 'GET',
    url: '/audit/export',
    config: { access: 'audit.export' },
    schema: {
      operationId: 'exportAudit',
      summary: 'The whole chain as JSON Lines, which `guichet audit verify --file` proves without a database',
      description:
        'Lines: `{"type":"header","format":"guichet-audit-1","accountId","exportedAt","retiredKeys"}`, then for each entry in its order ' +
        '`{"type":"entry","seq","record","hash","mac"}`, at last `{"type":"end","seq","hash","mac"}`. `hash` is the SHA-256 of the ' +
        'hash before and `record`, byte for byte; a file without its last line is not complete. The export is an audit entry itself.',
      tags,
      response: { 200: z.any().describe('application/jsonl') },
    },
    async handler(request, reply) {
      const lines = await exportAudit(database, context.actors.of(request), request.principal.accountId);
      return reply
        .header('content-type', 'application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.jsonl"`)
        .send(lines);
    },
  });
}
