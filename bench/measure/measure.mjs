// Prints how fast batches of predictions are read and measured, as ratios to NumPy on the same files.
// Both sides take turns, each in its own process, and processor time is what counts. Nanwatch computes
// all of its measures, NumPy cross-entropy, entropy and accuracy. Needs `npm run build`, and a Python
// with numpy and orjson: PYTHON=/tmp/venv/bin/python npm run bench:measure
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npz } from '../../build/core/formats/containers/npz-file.js'
import { jsonLines } from '../../build/core/formats/json-lines.js'
import { measureBatch } from '../../build/core/measure/batch-measure.js'
import { decode } from '../../build/core/reading/encoding.js'

const ROWS = 1024
const COLUMNS = 1000
const FILES = 6
const ROUNDS = 3
/** Before what is counted both sides go over the files so often, until their code is compiled and their memory theirs. */
const WARM_UP_PASSES = 4
const PASSES = 2
const PYTHON = process.env.PYTHON ?? 'python3'
const SCRIPT = fileURLToPath(new URL('numpy_side.py', import.meta.url))
const OWN_SCRIPT = fileURLToPath(import.meta.url)

/** Of each kind of file: what reads it here, and the ways of Python to compare with. */
const KINDS = [
  { name: `.npz [${ROWS} × ${COLUMNS}] float32`, suffix: '.npz', read: readNpz, theirs: ['npz'] },
  { name: `JSON [${ROWS / 4} × ${COLUMNS}]`, suffix: '.jsonl', read: readLine, theirs: ['orjson', 'json'] },
]

function readNpz(bytes, name) {
  return npz.parse({ bytes, offset: 0, companions: [] }, npz.start(), name).results[0].result
}

function readLine(bytes) {
  const text = decode(bytes.subarray(0, -1), 'utf-8')
  return jsonLines.parse({ text, offset: 0, bytes: bytes.length }, null).result
}

function run(command, ...args) {
  // With these two, NumPy's BLAS would take another machine for this one.
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(command, args.map(String), { encoding: 'utf8', env })
  if (status === 0) return stdout
  throw new Error(
    `${command}: ${stderr?.trim().split('\n').at(-1)} · set PYTHON to one with numpy and orjson installed`,
  )
}

function measureAll(folder, { suffix, read }) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
  const seconds = []
  let means = []
  const passes = Array(WARM_UP_PASSES + PASSES).fill(names)
  for (const name of passes.flat()) {
    const before = process.cpuUsage()
    const { batch } = read(readFileSync(join(folder, name)), name).records.find(({ kind }) => kind === 'batch')
    const measure = measureBatch(batch)
    const { user, system } = process.cpuUsage(before)
    seconds.push((user + system) / 1e6)
    means = [measure.crossEntropyClipped, measure.entropy, measure.accuracy]
  }
  return { seconds: seconds.slice(WARM_UP_PASSES * names.length), means }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function compare(folder, kind) {
  const ours = []
  const theirs = kind.theirs.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    const { seconds, means } = JSON.parse(run(process.execPath, OWN_SCRIPT, kind.suffix, folder))
    ours.push(...seconds)
    for (const [i, way] of kind.theirs.entries()) {
      const side = JSON.parse(run(PYTHON, SCRIPT, way, folder, WARM_UP_PASSES, PASSES))
      theirs[i].push(...side.seconds)
      const isSame = side.means.every((mean, j) => Math.abs(mean - means[j]) <= 1e-12 * Math.abs(mean))
      if (!isSame) throw new Error(`${way} measures ${side.means}, nanwatch ${means}`)
    }
  }
  const ownMs = median(ours) * 1e3
  console.log(`${kind.name}: nanwatch ${ownMs.toFixed(2)} ms a batch`)
  for (const [i, way] of kind.theirs.entries()) {
    const theirMs = median(theirs[i]) * 1e3
    const name = way === 'npz' ? 'numpy' : `${way} + numpy`
    console.log(`  ${name} ${theirMs.toFixed(2)} ms: nanwatch is ${(theirMs / ownMs).toFixed(2)} times as fast`)
  }
}

function compareAll() {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-bench-'))
  try {
    run(PYTHON, SCRIPT, 'make', folder, ROWS, COLUMNS, FILES)
    const batches = ROUNDS * PASSES * FILES
    console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, median of ${batches} batches`)
    for (const kind of KINDS) compare(folder, kind)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Called by itself with a kind of file, it is nanwatch's side.
const [suffix, folder] = process.argv.slice(2)
if (suffix === undefined) compareAll()
else {
  const kind = KINDS.find((known) => known.suffix === suffix)
  console.log(JSON.stringify(measureAll(folder, kind)))
}
