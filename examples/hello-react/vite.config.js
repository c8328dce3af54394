import { defineConfig } from 'vite';

export default defineConfig({
  esbuild: { jsx: 'automatic' },
  optimizeDeps: { exclude: ['loop-partner'] },
  // The package is a folder of this repository.
  server: { fs: { allow: ['../..'] } },
});
