import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type {} from '../../http/access.ts';
import { notFound } from '../../http/errors.ts';
import type { Endpoints } from '../../message/inbound/endpoint.ts';
import { packageRoot } from '../../package.ts';
import { newNonce } from '../../public/nonce.ts';
import { html, Markup } from '../../public/html.ts';
import { type Language, languageOf } from '../../public/language.ts';
import { originsOf } from '../../public/origins.ts';

export interface ChatPageOptions {
  endpoints: Endpoints;
  publicUrl: string;
}

const styleText = `:root{color-scheme:light dark}html,body,#chat,#guichet-chat{height:100%;margin:0}body{background:light-dark(#F1F3F2,#0C0F0E)}#chat{box-sizing:border-box;max-width:680px;margin:0 auto;padding:24px 16px}#guichet-chat{display:block}.none{font:14px/20px system-ui,sans-serif;color:light-dark(#141A18,#EDF1EF)}@media(max-width:480px){#chat{padding:0}}`;
const styleHash = `'sha256-${createHash('sha256').update(styleText).digest('base64')}'`;

/** What a browser without script reads. */
const scriptNeeded: Record<Language, string> = {
  fr: 'La discussion a besoin de JavaScript.',
  en: 'The chat needs JavaScript.',
  es: 'El chat necesita JavaScript.',
  pt: 'A conversa precisa de JavaScript.',
};

/** The widget's script and a page of its own for every chat inbox. */
export function registerChatPages(app: FastifyInstance, options: ChatPageOptions): void {
  const widget = loadWidget();

  app.route<{ Params: { inboxKey: string }; Querystring: Record<string, unknown> }>({
    method: 'GET',
    url: '/chat/:inboxKey',
    config: { access: 'public' },
    schema: { hide: true },
    async handler(request, reply) {
      const [inbox] = await options.endpoints.byKey(request.params.inboxKey);
      if (inbox?.channel !== 'webchat') throw notFound('chat');
      const nonce = newNonce();
      const language = languageOf(request.headers['accept-language'], request.query.lang);
      const title = typeof inbox.settings.title === 'string' && inbox.settings.title !== '' ? inbox.settings.title : inbox.name;
      // The same desk under another name of this machine has its sockets there.
      const isLocal = options.publicUrl.startsWith('http:') && /^[\w.:[\]-]+$/.test(request.host);
      const here = isLocal ? ` ws://${request.host}` : '';
      const sockets = `${options.publicUrl.replace(/^http/, 'ws')}${here}`;
      return (
        reply
          .type('text/html; charset=utf-8')
          .header(
            'content-security-policy',
            `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src ${styleHash}; connect-src 'self' ${sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${originsOf(inbox.settings.allowedOrigins).join(' ')}`.trim(),
          )
          .header('referrer-policy', 'same-origin')
          // Pages of other sites show it in a frame; which ones, the policy above says.
          .header('cross-origin-resource-policy', 'cross-origin')
          .header('vary', 'Accept-Language')
          .send(pageOf(request.params.inboxKey, language, title, nonce))
      );
    },
  });

  app.route({
    method: 'GET',
    url: '/widget.js',
    config: { access: 'public' },
    schema: { hide: true },
    async handler(request, reply) {
      const script = await widget();
      reply
        .header('etag', script.etag)
        .header('cache-control', 'public, max-age=300')
        .header('cross-origin-resource-policy', 'cross-origin');
      if (request.headers['if-none-match'] === script.etag) return reply.code(304).send();
      return reply.type('text/javascript; charset=utf-8').send(script.text);
    },
  });
}

function pageOf(key: string, language: Language, title: string, nonce: string): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Markup(styleText)}</style>
</head>
<body><main id="chat" aria-label="${title}"><noscript><p class="none">${scriptNeeded[language]}</p></noscript></main>
<script nonce="${nonce}" src="/widget.js" data-inbox="${key}" data-language="${language}" data-mode="page"></script>
</body>
</html>`.text;
}

/** The built script, read once. */
function loadWidget(): () => Promise<{ text: string; etag: string }> {
  let loaded: Promise<{ text: string; etag: string }> | undefined;
  const load = async () => {
    const text = await readFile(join(packageRoot, 'dist', 'widget', 'widget.js'), 'utf8');
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
  };
  return () => {
    loaded ??= load().catch((error: NodeJS.ErrnoException) => {
      loaded = undefined;
      throw error.code === 'ENOENT' ? notFound('widget: it has not been built') : error;
    });
    return loaded;
  };
}
