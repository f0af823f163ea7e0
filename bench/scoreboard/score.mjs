import { FAULTS } from './faults.mjs'
import { watchLoss } from './ours.mjs'
import { random } from './random.mjs'

const SEED = 1
const FIRST_ONSET = 300
const ONSETS_PER_CURVE = 3
/** Of the alarms within so many points one is counted. */
const MERGED_POINTS = 100
/** An alarm so many points before the first NaN gave warning of it. */
const LEAD_POINTS = 300

/** A rule of another system as the function that `score` asks: no severities, and no state to begin in. */
export function peerWatcher(peer) {
  return {
    name: peer.name,
    run(losses, from, to, onAlarm) {
      const isAlarm = peer.start(losses.length)
      for (let at = 0; at < to; at++) if (isAlarm(losses(at)) && at >= from) onAlarm(at, 'warning', peer.name)
    },
  }
}

/** nanwatch as such a function; states never change, so those of a healthy beginning serve many faults. */
export function ourWatcher({ name, settings }) {
  const saved = new Map()
  return {
    name,
    run(losses, from, to, onAlarm) {
      const key = losses.curve
      const before = saved.get(key)?.findLast((one) => one.at <= from)
      const watch = watchLoss(settings, before?.states)
      for (let at = before?.at ?? 0; at < to; at++) {
        if (at === from && at > (before?.at ?? 0))
          saved.set(key, [...(saved.get(key) ?? []), { at, states: watch.states() }])
        const findings = watch.see(losses(at), at)
        if (at < from || findings.length === 0) continue
        for (const found of findings) {
          if (found.kind === 'raise') onAlarm(at, found.severity, found.rule)
        }
      }
    },
  }
}

/** All figures of one rule over the curves. */
export function score(watcher, curves) {
  const healthy = curves.filter(({ verdict }) => verdict === 'healthy')
  const quiet = { critical: 0, warning: 0, points: 0 }
  const nearZero = { critical: 0, warning: 0, points: 0 }
  const alarmed = []
  const cpuBefore = process.cpuUsage()
  for (const curve of healthy) {
    const counts = alarmsOf(watcher, curve)
    const sum = curve.isNearZero ? nearZero : quiet
    for (const kind of ['critical', 'warning']) sum[kind] += counts[kind].length
    sum.points += curve.points
    if (counts.critical.length + counts.warning.length > 0) alarmed.push({ curve, ...counts })
  }
  const cpu = process.cpuUsage(cpuBefore)
  const points = quiet.points + nearZero.points
  return {
    name: watcher.name,
    runs: healthy.length,
    alarmed,
    quiet,
    nearZero,
    pointsPerSecond: points / ((cpu.user + cpu.system) / 1e6),
    faults: recalls(
      watcher,
      healthy.filter(({ isNearZero }) => !isNearZero),
    ),
    faultsNearZero: recalls(
      watcher,
      healthy.filter(({ isNearZero }) => isNearZero),
    ),
    failures: failures(watcher, curves),
  }
}

function alarmsOf(watcher, curve) {
  const counts = { critical: [], warning: [] }
  const last = { critical: Number.NEGATIVE_INFINITY, warning: Number.NEGATIVE_INFINITY }
  watcher.run(lossesOf(curve), 0, curve.points, (at, severity, rule) => {
    if (severity === 'info') return
    if (at - last[severity] <= MERGED_POINTS) return
    counts[severity].push({ at, rule })
    last[severity] = at
  })
  return counts
}

function lossesOf(curve, at = (index) => curve.losses[index]) {
  const losses = (index) => at(index)
  Object.defineProperty(losses, 'length', { value: curve.points })
  losses.curve = curve.name
  return losses
}

/** The same onsets for every rule and every fault. */
function onsetsOf(curve) {
  const last = Math.max(...FAULTS.map(({ within }) => within))
  const room = curve.points - last - 1 - FIRST_ONSET
  if (room <= 0) return []
  const draw = random(SEED + curve.offset)
  return Array.from({ length: ONSETS_PER_CURVE }, () => FIRST_ONSET + Math.floor(draw() * room)).sort((a, b) => a - b)
}

function recalls(watcher, healthy) {
  return FAULTS.map((fault) => ({ name: fault.name, ...recall(watcher, healthy, fault) }))
}

function recall(watcher, healthy, { from = 0, within, change }) {
  let injected = 0
  const delays = { seen: [], warned: [] }
  for (const curve of healthy) {
    for (const onset of onsetsOf(curve)) {
      injected++
      const delay = { seen: null, warned: null }
      const held = curve.losses[onset - 1]
      const at = (index) => (index < onset ? curve.losses[index] : change(curve.losses[index], index - onset, held))
      watcher.run(lossesOf(curve, at), onset, onset + within + 1, (found, severity) => {
        if (found - onset < from) return
        delay.seen ??= found - onset - from
        if (severity !== 'info') delay.warned ??= found - onset - from
      })
      for (const sort of ['seen', 'warned']) if (delay[sort] !== null) delays[sort].push(delay[sort])
    }
  }
  return { injected, seen: shareOf(delays.seen), warned: shareOf(delays.warned) }
}

function shareOf(delays) {
  return { found: delays.length, delay: median(delays) }
}

function failures(watcher, curves) {
  const nonFinite = { runs: 0, atOnce: 0, warned: 0, late: 0, leads: [] }
  const named = { exploded: [0, 0], stuck_at_chance: [0, 0] }
  let explodedCritical = 0
  const language = []
  for (const curve of curves) {
    const first = curve.firstNonFinite
    const byVerdict = named[curve.verdict]
    if (first < 0 && byVerdict === undefined && !curve.isLanguage) continue
    const seen = []
    watcher.run(lossesOf(curve), 0, curve.points, (at, severity, rule) => {
      if (severity !== 'info') seen.push({ at, severity, rule })
    })
    if (first >= 0) {
      nonFinite.runs++
      if (seen.some(({ at, severity, rule }) => at === first && (severity === 'critical' || rule === watcher.name)))
        nonFinite.atOnce++
      if (first > 5) {
        nonFinite.late++
        const before = seen.find(({ at }) => at < first && at >= first - LEAD_POINTS)
        if (before !== undefined) nonFinite.leads.push(first - before.at)
      }
    } else if (curve.isLanguage && endsWell(curve)) {
      const critical = seen.find(({ severity }) => severity === 'critical')
      if (critical !== undefined) language.push({ curve, critical: [critical], warning: [] })
    }
    if (byVerdict !== undefined) {
      byVerdict[1]++
      const isNamed = ({ rule }) => curve.verdict === 'exploded' || rule === 'chance-plateau' || rule === watcher.name
      if (seen.some(isNamed)) byVerdict[0]++
      if (curve.verdict === 'exploded' && seen.some(({ severity }) => severity === 'critical')) explodedCritical++
    }
  }
  return { nonFinite, named, explodedCritical, language }
}

/** Whether a curve ends at less than twice its first loss: above that its finite end is a failure. */
function endsWell({ losses }) {
  return median([...losses.subarray(-200)]) < 2 * losses[0]
}

function median(values) {
  return values.length === 0 ? null : values.toSorted((a, b) => a - b)[values.length >> 1]
}
