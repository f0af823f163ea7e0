/**
 * nanwatch's detectors and the rules of its peers on the same curves in one run (see docs/detectors.md).
 *
 *     npm run --silent build && node bench/scoreboard/main.mjs CURVES [--even] [--every N] [--ours] [--profiles] [--short] [--markdown FILE] [--verbose]
 *
 * CURVES holds `index.json` and `losses.f32.gz`. The curves of odd index are
 * scored; `--even` takes those that the detectors are tuned on, `--every N`
 * only each N-th of them. `--ours` leaves the peers and the other profiles out,
 * `--profiles` the peers only. `--short` scores nanwatch on short logs made of the curves, in place of all this.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCurves } from './curves.mjs'
import { OURS } from './ours.mjs'
import { PEERS } from './peers/index.mjs'
import { ourWatcher, peerWatcher, score } from './score.mjs'
import { scoreShortLogs, shortLogTable } from './short-logs.mjs'
import { tableOf } from './table.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    even: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    ours: { type: 'boolean', default: false },
    profiles: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    markdown: { type: 'string' },
  },
})

const parity = options.even ? 'even' : 'odd'

try {
  const folder = positionals[0] ?? '../shared/curves'
  const curves = loadCurves(folder, options.even ? 0 : 1).filter((_, at) => at % Number(options.every) === 0)
  if (options.short) {
    short(curves)
  } else {
    scoreboard(curves)
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

function short(curves) {
  const scores = scoreShortLogs(curves, OURS[0].settings)
  if (options.verbose) {
    for (const { points, warned, noted } of scores) {
      for (const { curve, rules } of [...warned, ...noted]) {
        const names = [...new Set(rules.map(({ name, severity }) => `${severity} ${name}`))]
        process.stdout.write(`${points} points of ${curve.problem} ${curve.offset}: ${names.join(', ')}\n`)
      }
    }
  }
  write(
    `${shortLogTable(scores)}\n`,
    `Short logs of ${curves.length} curves of ${parity} index; Node ${process.version}`,
  )
}

function scoreboard(curves) {
  const profiles = (options.ours ? OURS.slice(0, 1) : OURS).map(ourWatcher)
  const watchers = [...profiles, ...(options.ours || options.profiles ? [] : PEERS.map(peerWatcher))]
  const scores = watchers.map((watcher) => score(watcher, curves))
  const [{ alarmed, failures }] = scores
  if (options.verbose) for (const one of [...alarmed, ...failures.language]) tell(one)
  const { quiet, nearZero, runs, faults } = scores[0]
  write(
    `${tableOf(scores)}\n`,
    `${curves.length} curves of ${parity} index; ${runs} healthy with ${quiet.points} points, ` +
      `and ${nearZero.points} near zero; each fault injected ${faults[0].injected} times; Node ${process.version}`,
  )
}

function write(table, about) {
  process.stdout.write(`${about}\n\n${table}`)
  if (options.markdown !== undefined) writeFileSync(options.markdown, table)
}

function tell({ curve, critical, warning }) {
  for (const { at, rule } of critical) process.stdout.write(`critical ${rule} ${curve.problem} ${curve.offset}+${at}\n`)
  for (const { at, rule } of warning) process.stdout.write(`warning ${rule} ${curve.problem} ${curve.offset}+${at}\n`)
}
