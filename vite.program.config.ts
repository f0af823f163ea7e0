import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { bundledLicences } from './scripts/bundled-licences.ts'

/**
 * Bundles the program into dist: an entry, and chunks that are loaded when a command needs them. A thousand modules, ours
 * and those of the packages, take several times as long to find, read and link as the few chunks of a command.
 *
 * They are CommonJS: to start, Node need not load what links modules.
 */
export default defineConfig({
  ssr: { noExternal: true },
  // The one for Node loads worker threads, which nothing here uses.
  resolve: { alias: { fflate: 'fflate/browser' } },
  build: {
    ssr: true,
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: { main: 'src/main.ts', 'demo/train': 'src/demo/train.ts' },
      output: {
        format: 'cjs',
        charset: 'ascii',
        comments: { jsdoc: false, annotation: false, legal: true },
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
      // Yargs asks for it where a configuration extends another, which ours does not.
      checks: { emptyImportMeta: false },
    },
  },
  plugins: [bundledLicences('licences.txt'), { name: 'module-kind', generateBundle: emitModuleKind }],
})

/** The package is of ES modules; what is bundled is not. */
function emitModuleKind(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): unknown }): void {
  this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
}
