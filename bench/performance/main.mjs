/**
 * How fast nanwatch reads, judges, keeps and tells, as ratios to what others take on the same machine in the same run, in
 * processor time where nothing else is said. Linux only.
 *
 *     npm run bench -- [--only NAME,NAME] [--rounds N] [--megabytes N] [--before COMMIT] [--corpus FOLDER] [--write] [--json]
 *
 * NAME is that of a row, or how several begin: `read`, `store-bytes`. Python is `python3`, or what PYTHON names; orjson,
 * NumPy, duckdb and polars are measured where it has them. `--write` puts the table into docs/performance.md. It ends
 * with 1 where a goal is missed or a row cannot be measured.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { OWN_BUILD, otherBuild } from '../other-build.mjs'
import { alerting } from './alerting.mjs'
import { corpus } from './corpus.mjs'
import { documents } from './documents.mjs'
import { skippedFigure } from './figures.mjs'
import { idling } from './idling.mjs'
import { inputsIn } from './inputs.mjs'
import { judging } from './judging.mjs'
import { askPeer } from './processes.mjs'
import { queries } from './queries.mjs'
import { reading } from './reading.mjs'
import { plain, settingOf, tableOf, writeInto } from './report.mjs'
import { starting } from './starting.mjs'
import { storing } from './storing.mjs'

const ROWS = [
  ...reading,
  ...judging,
  ...storing,
  ...queries,
  ...documents,
  ...starting,
  ...alerting,
  ...idling,
  ...corpus,
]
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url))
const PYTHON_MODULES = ['orjson', 'numpy', 'duckdb', 'polars']

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '200' },
    before: { type: 'string', default: '41dd0b7' },
    corpus: { type: 'string', default: CORPUS },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const rows = chosen(options.only)
const [rounds, megabytes] = [Number(options.rounds), Number(options.megabytes)]
if (!Number.isSafeInteger(rounds) || rounds < 1 || !(megabytes > 0))
  fail('--rounds and --megabytes are numbers from 1 on')
if (options.write && rows.length < ROWS.length) fail('--write needs all rows: leave --only out')

const loadBefore = loadavg()[0]
const folder = mkdtempSync(join(tmpdir(), 'nanwatch-bench-'))
const { python, installed } = askPeer('about', ...PYTHON_MODULES)
const input = inputsIn(folder)
let before = null
const bench = {
  folder,
  rounds,
  corpus: options.corpus,
  own: OWN_BUILD,
  installed: new Set([...installed, ...['mawk'].filter(isProgram)]),
  before: () => (before ??= buildBefore()),
  input: (kind, size = { megabytes }) => input(kind, size),
  progress: () => undefined,
}

const figures = []
let isWhole = true
try {
  for (const { name, work, measure } of rows) {
    bench.progress = (text) => void process.stderr.write(`${name}: ${text}\n`)
    bench.progress('begins')
    figures.push(...(await measured(measure)).map((figure) => ({ name, work, ...figure })))
  }
} finally {
  before?.remove?.()
  rmSync(folder, { recursive: true, force: true })
}

const setting = settingOf({ rounds, megabytes, before: options.before, python, installed: bench.installed, loadBefore })
const all = figures.map(plain)
if (options.write) writeInto(PAGE, figures, setting)
if (options.json) console.log(JSON.stringify({ ...setting, figures: all }))
else console.log(`${tableOf(figures)}\n\n${setting.machine}\n${setting.size}, ${setting.load}`)
process.exitCode = isWhole && all.every(({ isMet }) => isMet !== false) ? 0 : 1

/** What a row says, or why it says nothing: the others are measured all the same. */
async function measured(measure) {
  try {
    return await measure(bench)
  } catch (error) {
    isWhole = false
    bench.progress(error.stack)
    return [skippedFigure(error.message)]
  }
}

function buildBefore() {
  const name = `the build of ${options.before}`
  bench.progress(`building ${options.before}`)
  try {
    return { name, ...otherBuild(options.before) }
  } catch (error) {
    return { name, missing: `it cannot be built: ${error.message.split('\n')[0]}` }
  }
}

function chosen(only) {
  const names = only.split(',').filter((name) => name !== '')
  const isOf = (row, name) => row.name.startsWith(name)
  const unknown = names.find((name) => !ROWS.some((row) => isOf(row, name)))
  if (unknown !== undefined) fail(`there is no row ${unknown}; there are ${ROWS.map(({ name }) => name).join(', ')}`)
  return names.length === 0 ? ROWS : ROWS.filter((row) => names.some((name) => isOf(row, name)))
}

function isProgram(name) {
  return (process.env.PATH ?? '').split(':').some((path) => existsSync(join(path, name)))
}

function fail(problem) {
  console.error(`bench: ${problem}`)
  process.exit(2)
}
