/** Builds the portal into apps/portal/dist, which `api` serves. `vite dev apps/portal` hands /v1 on to a running Slipway. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const API = 'http://localhost:4000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // Libraries change less often than we do, so browsers keep them over our releases.
        codeSplitting: {
          groups: [
            {
              name: 'libraries',
              test: /node_modules[\\/](react|react-dom|scheduler|@mantine|@tanstack|@floating-ui)[\\/]/,
              minShareCount: 1,
            },
          ],
        },
      },
    },
  },
  // `api` takes changes from pages of its own origin only, so the page says that it is one.
  server: { port: 4001, proxy: { '/v1': { target: API, headers: { origin: API } } } },
});
