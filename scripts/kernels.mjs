// Compiles kernels/ into src/core/kernels/wasm.ts, which is committed: whoever changes no kernel needs no compiler.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Enough for the tables, a part of a text and the numbers in it. */
const INITIAL_PAGES = 6
/** `CONSTANTS` in src/core/kernels/layout.ts. */
const CONSTANTS = 64
const OUTPUT = new URL('../src/core/kernels/wasm.ts', import.meta.url)

/** The text of the module that holds the compiled kernels. */
export async function compileKernels() {
  const compiled = {}
  const { error, stderr } = await asc.main(
    [
      ...['kernels/index.ts', '--outFile', 'out.wasm'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
      ...['--initialMemory', String(INITIAL_PAGES), '--memoryBase', String(CONSTANTS)],
    ],
    {
      readFile: (name, folder) => readText(new URL(name, `file://${ROOT}${folder}/`)),
      writeFile: (name, contents) => (compiled[name] = contents),
      listFiles: () => [],
    },
  )
  if (error !== null) throw new Error(`${error.message}\n${stderr}`)
  const text = Buffer.from(compiled['out.wasm']).toString('base64')
  return `/** What \`scripts/kernels.mjs\` makes of \`kernels/\`: a WebAssembly module. */\nexport const WASM_BASE64 =\n  '${text}'\n`
}

function readText(url) {
  try {
    return readFileSync(url, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUTPUT, await compileKernels())
