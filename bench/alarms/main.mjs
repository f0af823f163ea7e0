/**
 * What nanwatch says of healthy runs: how many wake somebody, warn, or only note something (see docs/detectors.md).
 *
 *     npm run bench:alarms -- [CURVES CORPUS GENUINE FIELD] [--runs N] [--trained FILE] [--odd] [--json] [--verbose]
 *
 * The folders are those beside the project unless they are given; one that is
 * not there is left out, and named. `--runs` is the number of generated runs of
 * each family, FILE is what `train.py` wrote, and `--odd` leaves out the curves
 * that the thresholds were tuned on. Exit code 1: a goal is missed.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { figuresOf } from './count.mjs'
import { curveRuns, generatedRuns, trainedRuns } from './curve-runs.mjs'
import { goalsOf } from './goals.mjs'
import { fieldRuns, manifestRuns } from './log-runs.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '40' },
    trained: { type: 'string' },
    odd: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const DEFAULTS = ['curves', 'corpus', 'genuine', 'field'].map((name) => `../shared/${name}`)
const folders = DEFAULTS.map((folder, at) => positionals[at] ?? folder)
const missing = folders.filter((folder) => !existsSync(folder))
const [curves, corpus, genuine, field] = folders.map((folder) => (existsSync(folder) ? folder : null))

const runs = [
  ...(curves === null ? [] : curveRuns(curves, options.odd ? ['odd'] : undefined)),
  ...(corpus === null ? [] : await manifestRuns('corpus', corpus)),
  ...(genuine === null ? [] : await manifestRuns('genuine', genuine)),
  ...(field === null ? [] : await fieldRuns('field', field)),
  ...generatedRuns(Number(options.runs)),
  ...(options.trained === undefined ? [] : trainedRuns(options.trained)),
]
const goals = goalsOf(runs)
const rows = rowsOf(runs)
if (options.json) process.stdout.write(`${JSON.stringify({ rows, goals, missing })}\n`)
else print()
if (goals.some(({ isMet }) => isMet === false)) process.exitCode = 1

function rowsOf(all) {
  const keys = [...new Set(all.map(({ source, kind }) => `${source}\n${kind}`))].sort()
  return keys.map((key) => {
    const [source, kind] = key.split('\n')
    return { source, kind, ...figuresOf(all.filter((run) => run.source === source && run.kind === kind)) }
  })
}

function print() {
  const out = (line) => process.stdout.write(`${line}\n`)
  for (const folder of missing) out(`${folder}: not there, left out`)
  if (options.verbose) for (const run of runs) tell(run, out)
  const head = ['Source', 'Kind', 'Runs', 'Points', 'Critical', 'Warned', 'Noted', 'Warnings per million points']
  const cells = rows.map((row) => [
    row.source,
    row.kind,
    row.runs,
    row.points,
    row.critical,
    row.warned,
    row.noted,
    row.warningsPerMillion === null ? '–' : row.warningsPerMillion.toFixed(1),
  ])
  table([head, ...cells], 2, out)
  out('')
  const told = goals.map(({ name, figure, bound, isMet }) => [
    name,
    figure === null ? '–' : Number(figure.toPrecision(3)),
    bound,
    isMet === null ? 'not counted' : isMet ? 'yes' : 'no',
  ])
  table([['Goal', 'Figure', 'At most', 'Met'], ...told], 1, out)
}

function table([head, ...body], left, out) {
  const rule = head.map((_, at) => (at < left ? '---' : '---:'))
  for (const cells of [head, rule, ...body]) out(`| ${cells.join(' | ')} |`)
}

function tell({ source, kind, name, alarms }, out) {
  for (const severity of ['critical', 'warning', 'info']) {
    for (const { step, rule } of alarms[severity]) out(`${severity} ${rule} @${step} ${source}, ${kind}: ${name}`)
  }
}
