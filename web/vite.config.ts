import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compiledCatalogues } from './i18n/compile.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const server = process.env['GUICHET_DEV_SERVER'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: here,
  plugins: [compiledCatalogues(), react()],
  // The server puts a nonce of its own into every answer.
  html: { cspNonce: 'NONCE-OF-THE-ANSWER' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts and images stay files: the content policy has no data: for scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // What changes only with an upgrade of a library stays in the browser's cache.
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'library',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|@lingui)[\\/]/,
            },
            // Nobody needs the live line and the long lists at the door.
            {
              name: 'desk-library',
              test: /node_modules[\\/](socket\.io-client|socket\.io-parser|engine\.io-client|engine\.io-parser|virtua)[\\/]/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': server, '/forms': server, '/widget.js': server, '/socket.io': { target: server, ws: true } },
  },
});
