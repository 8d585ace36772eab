import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** One classic script that any page can load: no module, no chunk, nothing from anybody else. */
export default defineConfig({
  root: here,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: '../dist/widget',
    emptyOutDir: true,
    target: 'es2020',
    lib: { entry: 'main.ts', name: 'GuichetChat', formats: ['iife'], fileName: () => 'widget.js' },
  },
});
