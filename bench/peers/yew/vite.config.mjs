// The platform that serves the app keeps a file for good when its name has a digest of 16 hexadecimal digits.
import { defineConfig } from 'vite';

const named = (end) => `assets/[name]-[hash:16]${end}`;

export default defineConfig({
  logLevel: 'warn',
  build: {
    target: 'es2022',
    rollupOptions: {
      output: { hashCharacters: 'hex', entryFileNames: named('.js'), chunkFileNames: named('.js'), assetFileNames: named('[extname]') },
    },
  },
});
