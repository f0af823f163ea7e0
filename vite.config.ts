import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Builds the dashboard into dist/dashboard, where the daemon serves it from. */
export default defineConfig({
  root: fileURLToPath(new URL('dashboard', import.meta.url)),
  base: './',
  build: {
    outDir: fileURLToPath(new URL('dist/dashboard', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The server's Content-Security-Policy allows no inline script and no inline style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
