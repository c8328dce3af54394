// The pages around the guide's snippet. LOOP_CLIENT_ID is what the portal gave.
import { defineConfig } from 'vite';

export default defineConfig({
  logLevel: 'warn',
  define: { 'process.env.LOOP_CLIENT_ID': JSON.stringify(process.env.LOOP_CLIENT_ID) },
  build: { target: 'es2022', emptyOutDir: true, rollupOptions: { input: ['index.html', 'callback.html'] } },
});
