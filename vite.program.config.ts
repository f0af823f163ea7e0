import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/**
 * Bundles the program into dist: an entry, and chunks that are loaded when a command needs them. Four hundred modules take
 * several times as long to find, read and link as the few of a command.
 */
export default defineConfig({
  build: {
    ssr: true,
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: { main: 'src/main.ts', 'demo/train': 'src/demo/train.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
