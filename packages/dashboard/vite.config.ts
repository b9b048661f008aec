import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The server replaces it in each answer by a new nonce: see `packages/server/src/control/pages/dashboard.ts`. */
const NONCE = '{{nonce}}'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  html: { cspNonce: NONCE },
  build: {
    target: 'es2023',
    // Every file has a URL of this server: the policy of the pages allows no other.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
})
