// One of the three apps, by its folder, as its framework's guide would build it.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  logLevel: 'warn',
  base: './',
  esbuild: { jsx: 'automatic' },
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('loop-') } } }), svelte({ configFile: false })],
  build: { target: 'es2022', emptyOutDir: true },
});
