import { z } from 'zod';
import { id } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { findFile } from './queries.ts';

/** Files of messages. The signature in the address is the credential: it names account, file and time. */
export function registerAttachments(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/files/:id',
    config: { access: 'public' },
    schema: {
      operationId: 'getFile',
      summary: 'A file, by the signed address that a message gives',
      tags: ['messages'],
      params: z.object({ id }),
      querystring: z.object({
        account: id.optional(),
        expires: z.coerce.number().int().optional().describe('Unix seconds'),
        signature: z.string().max(100).optional(),
      }),
      response: { 200: z.any().describe("The file's bytes, always as a download") },
    },
    async handler(request, reply) {
      const { account, expires, signature } = request.query;
      const isSigned = account !== undefined && expires !== undefined && signature !== undefined;
      if (!isSigned || !context.fileLinks.isValid(account, request.params.id, expires, signature)) {
        throw new ApiError('unauthenticated', 'The address is not signed, or not any more: read the message again for a new one.');
      }
      const file = await context.database.withAccount(account, (tx) => findFile(tx, request.params.id));
      if (!file) throw notFound('file');
      return (
        reply
          .header('content-type', file.content_type)
          .header('content-length', file.size)
          .header('content-disposition', dispositionOf(file.filename))
          // Whatever it holds, it is not of this site: no script, no style, no frame.
          .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
          .header('cache-control', 'private, max-age=300')
          .send(context.files.read(file.storage_key))
      );
    },
  });
}

/** Always a download. Old programs read the ASCII name, all others the exact one. */
function dispositionOf(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
