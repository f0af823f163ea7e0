// Compiles kernels/ into src/core/kernels/wasm.ts, which is committed: whoever changes no kernel needs no compiler.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = ['../kernels/', '../src/core/kernels/'].map((folder) => new URL(folder, import.meta.url))
const OUTPUT = new URL('wasm.ts', SOURCES[1])

/** The text of the module that holds the compiled kernels. */
export async function compileKernels() {
  const { default: asc } = await import('assemblyscript/asc')
  const compiled = {}
  const { error, stderr } = await asc.main(
    [
      ...['kernels/index.ts', '--outFile', 'out.wasm'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
      // As src/core/kernels/layout.ts has it: constants from 64 on, and room for all that is no row.
      ...['--memoryBase', '64', '--initialMemory', '6'],
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

function isCurrent() {
  const sources = SOURCES.flatMap((folder) => readdirSync(folder).map((name) => new URL(name, folder)))
  const [made, ...changed] = [OUTPUT, ...sources].map((url) => statSync(url).mtimeMs)
  return changed.every((time) => time <= made)
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isCurrent()) writeFileSync(OUTPUT, await compileKernels())
