/**
 * How often the class of a crash is named rightly: labelled logs of jobs that died, and logs of jobs that did not.
 *
 *     npm run bench:crashes [-- FOLDER ...] [--verbose]
 *
 * FOLDER holds logs and `labels.tsv` (file, mode). Without one the logs of `test/fixtures/crash-logs` are read, which were
 * written by hand around what Python, CUDA, kernels and schedulers really say. `bench/crash-modes.tsv` says which codes
 * name a mode. For each mode it prints how many logs there are, how many are called failed, how many are named rightly,
 * and how many of other modes are named so; and the mean of the F1 of all modes.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'

const MAIN = new URL('../../dist/main.js', import.meta.url).pathname
const FIXTURES = new URL('../../test/fixtures/crash-logs/', import.meta.url).pathname
const MODES = new URL('../crash-modes.tsv', import.meta.url).pathname
const LARGEST_OUTPUT_BYTES = 1 << 28

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
})

const modeOf = new Map(
  rowsOf(readFileSync(MODES, 'utf8')).flatMap(([mode, codes]) => codes.split(',').map((code) => [code, mode])),
)

if (positionals.length > 0) {
  for (const folder of positionals) {
    const labels = rowsOf(readFileSync(join(folder, 'labels.tsv'), 'utf8')).slice(1)
    report(folder, labels, folder)
  }
} else {
  for (const half of ['first', 'second', 'third', 'healthy']) {
    const folder = mkdtempSync(join(tmpdir(), 'nanwatch-bench-'))
    try {
      report(`${half} of test/fixtures/crash-logs`, unpacked(half, folder), folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Writes the logs of a fixture to a folder. Returns their labels. */
function unpacked(name, folder) {
  const lines = gunzipSync(readFileSync(join(FIXTURES, `${name}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n')
  return lines.map((line) => {
    const { name: log, mode, text } = JSON.parse(line)
    writeFileSync(join(folder, `${log}.log`), text)
    return [`${log}.log`, mode]
  })
}

function report(title, labels, folder) {
  const { failed, named } = checked(labels.map(([file]) => join(folder, file)))
  const modes = [...new Set(labels.map(([, mode]) => mode))].sort()
  const isNamed = (file, mode) => (named.get(file) ?? new Set()).has(mode)
  process.stdout.write(`${title}\n`)
  const scores = modes.map((mode) => {
    const own = labels.filter(([, of]) => of === mode).map(([file]) => file)
    const others = labels.filter(([file, of]) => of !== mode && isNamed(file, mode)).length
    const right = own.filter((file) => isNamed(file, mode)).length
    const called = own.filter((file) => failed.has(file)).length
    const f1 = right === 0 ? 0 : (2 * right) / (own.length + right + others)
    if (mode === 'none') {
      process.stdout.write(`  ${own.length} logs of jobs that did not die, ${called} called failed\n`)
      if (options.verbose) print(own.filter((file) => failed.has(file)))
      return null
    }
    process.stdout.write(
      `  ${mode}: ${own.length} logs, failed ${called}, named ${right}, named for others ${others}\n`,
    )
    if (options.verbose) print(own.filter((file) => !isNamed(file, mode)))
    return f1
  })
  const known = scores.filter((score) => score !== null)
  if (known.length === 0) return
  const macro = known.reduce((sum, score) => sum + score, 0) / known.length
  process.stdout.write(`  macro-F1 ${macro.toFixed(3)}, called failed ${failed.size} of ${labels.length}\n`)
}

/** What `check` says of each file: whether it failed, and the modes that its alerts name. */
function checked(paths) {
  const { stdout } = spawnSync(process.execPath, [MAIN, 'check', '--json', ...paths], {
    encoding: 'utf8',
    maxBuffer: LARGEST_OUTPUT_BYTES,
  })
  const failed = new Set()
  const named = new Map()
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) {
    const message = JSON.parse(line)
    const file = basename(message.file)
    if (message.type === 'summary' && message.verdict === 'failed') failed.add(file)
    const mode = message.type === 'alert' ? modeOf.get(message.cause?.code?.split('-', 1)[0]) : undefined
    if (mode !== undefined) named.set(file, new Set(named.get(file)).add(mode))
  }
  return { failed, named }
}

function rowsOf(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
}

function print(files) {
  for (const file of files) process.stdout.write(`    not so: ${file}\n`)
}
