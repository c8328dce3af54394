import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('loop-') } } })],
  optimizeDeps: { exclude: ['loop-partner'] },
  // The package is a folder of this repository.
  server: { fs: { allow: ['../..'] } },
});
