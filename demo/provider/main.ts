import type { ProviderReady, ProviderSettings } from './protocol.ts';
import { createProvider } from './server.ts';

/** The stand-in provider as a process of its own: it gets its settings from its parent and ends with it. */
function start(settings: ProviderSettings): void {
  const server = createProvider(settings);
  const listen = (port: number) => server.listen(port, '127.0.0.1');
  server.on('error', (error: NodeJS.ErrnoException) => {
    // Its old port belongs to somebody else by now.
    if (error.code === 'EADDRINUSE' && settings.port !== 0) listen(0);
    else process.exit(1);
  });
  server.on('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address) process.send?.({ port: address.port } satisfies ProviderReady);
  });
  listen(settings.port);
}

process.once('message', (settings) => start(settings as ProviderSettings));
// Fires as well when the parent was killed: the kernel closes its end.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the parent decides when its parts end.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
