import { watchRun } from './ours.mjs'
import { random } from './random.mjs'

/**
 * The detectors on short logs: the beginnings of curves, and whole curves of which every k-th value is logged, or the
 * mean of k values, as short logs do.
 */
export const LENGTHS = [20, 60, 300, 1000]
/** Where a fault begins, as shares of the log. Five values of it are left in the shortest. */
const ONSETS = [0.25, 0.5, 0.75]
const SEED = 1

const RISES = [2, 4].map((factor) => ({
  name: `goes to ${factor} times its start and stays there`,
  onsets: ONSETS,
  change: ({ start, noise }, at, onset, loss) => (at < onset ? loss : factor * start * noise[at]),
}))
const FLAT = {
  onsets: [0],
  change: ({ start, shuffled }, at) => start * shuffled[at],
}
const FAULTS = [
  ...RISES,
  { name: 'learning rate 0, and no progress', learningRate: 0, ...FLAT },
  { name: 'no progress, at a learning rate above 0', ...FLAT },
  { name: 'no progress, the loss alone', learningRate: null, ...FLAT },
  { name: 'NaN onward', onsets: ONSETS, change: (_about, at, onset, loss) => (at < onset ? loss : Number.NaN) },
]

/** Whether a fault is found, and what is said of healthy logs, for each length. */
export function scoreShortLogs(curves, settings) {
  const healthy = curves.filter(({ verdict }) => verdict === 'healthy')
  return LENGTHS.map((points) => {
    const logs = healthy.flatMap((curve) =>
      shortened(curve.losses, points).map((losses) => ({ losses, about: aboutOf(losses, curve), curve })),
    )
    const seen = logs.map(({ losses, about, curve }) => ({ curve, ...alarmsIn(settings, losses, about.learningRate) }))
    return {
      points,
      logs: logs.length,
      critical: seen.filter(({ severities }) => severities.has('critical')),
      warned: seen.filter(({ severities }) => severities.has('critical') || severities.has('warning')),
      noted: seen.filter(({ severities }) => severities.size === 1 && severities.has('info')),
      faults: FAULTS.map((fault) => recallOf(fault, logs, settings)),
    }
  })
}

/** The table of docs/detectors.md. */
export function shortLogTable(scores) {
  const share = (count, of) => `${count} of ${of}`
  const rows = [
    ['healthy logs with a critical', ...scores.map(({ critical, logs }) => share(critical.length, logs))],
    ['healthy logs with a warning', ...scores.map(({ warned, logs }) => share(warned.length, logs))],
    ['… by a rule for short logs', ...scores.map(({ warned, logs }) => share(warned.filter(byShort).length, logs))],
    ['healthy logs with a note and no more', ...scores.map(({ noted, logs }) => share(noted.length, logs))],
    ...FAULTS.flatMap(({ name }, at) => [
      [`${name}: seen`, ...scores.map(({ faults }) => recallText(faults[at], 'seen'))],
      [`${name}: warned`, ...scores.map(({ faults }) => recallText(faults[at], 'warned'))],
    ]),
  ]
  const head = ['points of the log', ...LENGTHS.map((points) => points.toLocaleString('en-US'))]
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const SHORT = ['worse-than-start', 'no-progress', 'learning-rate-zero', 'bad-gradient']

function byShort({ rules }) {
  return [...rules].some((rule) => SHORT.includes(rule.name) && rule.severity !== 'info')
}

function recallText({ injected, seen, warned }, which) {
  return ((which === 'seen' ? seen : warned) / injected).toFixed(3)
}

function shortened(losses, points) {
  const every = Math.floor(losses.length / points)
  if (every === 0) return []
  const beginning = [...losses.subarray(0, points)]
  if (every === 1) return [beginning]
  const thinned = Array.from({ length: points }, (_, at) => losses[at * every])
  const means = Array.from({ length: points }, (_, at) => mean(losses.subarray(at * every, (at + 1) * every)))
  return [beginning, thinned, means]
}

/** The start of a log, its own noise as factors, and the same factors in another order. */
function aboutOf(losses, { offset, learningRate }) {
  const noise = losses.map((loss, at) => loss / (median(losses.slice(Math.max(0, at - 2), at + 3)) || 1))
  const draw = random(SEED + offset)
  const shuffled = [...noise]
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(draw() * (at + 1))
    ;[shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]]
  }
  return { start: median(losses.slice(0, 3)), noise, shuffled, learningRate: learningRate || 1e-3 }
}

function recallOf({ onsets, change, learningRate }, logs, settings) {
  let [injected, seen, warned] = [0, 0, 0]
  for (const { losses, about } of logs) {
    for (const share of onsets) {
      injected++
      const onset = Math.floor(share * losses.length)
      const changed = losses.map((loss, at) => change(about, at, onset, loss))
      const { severities } = alarmsIn(
        settings,
        changed,
        learningRate === undefined ? about.learningRate : learningRate,
        onset,
      )
      if (severities.size > 0) seen++
      if (severities.has('critical') || severities.has('warning')) warned++
    }
  }
  return { injected, seen, warned }
}

/** The severities at which a log ends: those of resolved alerts that were called off are info, as `check` has it. */
function alarmsIn(settings, losses, learningRate, from = 0) {
  const watch = watchRun(settings, learningRate)
  const found = []
  for (const [at, loss] of losses.entries()) {
    for (const { kind, rule, severity, calledOff } of watch.see(loss, at)) {
      if (kind === 'raise' && at >= from) found.push({ name: rule, severity })
      const last = found.findLast(({ name }) => name === rule)
      if (kind === 'clear' && calledOff !== undefined && last !== undefined) last.severity = 'info'
    }
  }
  return { severities: new Set(found.map(({ severity }) => severity)), rules: found }
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
