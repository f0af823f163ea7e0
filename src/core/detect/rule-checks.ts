import { isLossSeries, ROLES, type Role, type Sample } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import { type AnyDetector, DETECTORS, LOG_RULES, RULES } from './index.ts'
import type { RunSettings } from './overrides.ts'
import type { Rule, Thresholds } from './rule.ts'
import { thresholdsOf } from './rule-setup.ts'

/** Whether a rule could run on a log: whether the log holds enough of what the rule needs. */
export interface RuleCheck {
  readonly rule: string
  readonly ran: boolean
  /** Why it could not, in a few words; null where it ran. */
  readonly reason: string | null
}

/** How much there is of one series. */
interface SeenSeries {
  readonly metric: string
  readonly role: Role
  values: number
  /** How many of these are a 0 that may stand for a small number. */
  roundedZeros: number
  lastStep: number | null
}

/** A sample, and the role that it is judged in where that is another one. */
type SampleSeen = Pick<Sample, 'metric' | 'role' | 'step' | 'value'> & { readonly actsAs?: Role }
type SeenColumn = Pick<Sample, 'metric' | 'role'> & { readonly actsAs: Role | undefined; readonly values: Float64Array }

/** Counts what a log holds, as far as the rules need to know. */
export class SeenLog {
  /** By metric, and then by role. */
  readonly #series = new Map<string, Map<Role, SeenSeries>>()
  batches = 0
  /** Batches whose predictions are probabilities. */
  probabilityBatches = 0
  hasTimes = false
  /** Why its run was not compared with a baseline; null where it was. */
  notCompared: string | null = 'no baseline'

  get series(): readonly SeenSeries[] {
    return [...this.#series.values()].flatMap((ofMetric) => [...ofMetric.values()])
  }

  /** Takes in a sample. Values that are not finite enter the state of no rule about the course of a series, but for a gradient norm. */
  sample({ metric, role: own, actsAs, step, value }: SampleSeen): void {
    const role = actsAs ?? own
    const seen = this.#of(metric, role)
    seen.lastStep = step ?? seen.lastStep
    if (isFinite(value) || role === 'grad_norm') seen.values++
  }

  /** Takes in finite values of a series, the last of them at a step. */
  column({ metric, role: own, actsAs, values }: SeenColumn, lastStep: number | null): void {
    const seen = this.#of(metric, actsAs ?? own)
    seen.lastStep = lastStep ?? seen.lastStep
    seen.values += values.length
  }

  /** Takes in that a sample of this series is a 0 that may stand for a small number. */
  roundedZero({ metric, role }: Pick<Sample, 'metric' | 'role'>): void {
    this.#of(metric, role).roundedZeros++
  }

  #of(metric: string, role: Role): SeenSeries {
    let ofMetric = this.#series.get(metric)
    if (ofMetric === undefined) {
      ofMetric = new Map()
      this.#series.set(metric, ofMetric)
    }
    let seen = ofMetric.get(role)
    if (seen === undefined) {
      seen = { metric, role, values: 0, roundedZeros: 0, lastStep: null }
      ofMetric.set(role, seen)
    }
    return seen
  }

  batch({ kind }: Pick<BatchMeasure, 'kind'>): void {
    this.batches++
    if (kind === 'probs') this.probabilityBatches++
  }

  /** Whether a loss was read, or recomputed from predictions. */
  get hasLoss(): boolean {
    return this.series.some(isLossSeries)
  }

  /** The most values of one series of a training loss, or else of a validation loss; 0 where there is no loss. */
  get losses(): number {
    return mostValues(this.series, 'train_loss') || mostValues(this.series, 'val_loss')
  }
}

/** A role as people say it of a log that has none. */
const ROLE_NAMES: Readonly<Record<Role, string>> = {
  train_loss: 'training loss',
  val_loss: 'validation loss',
  loss_part: 'part of a loss',
  perplexity: 'perplexity',
  objective: 'objective',
  grad_norm: 'gradient norm',
  learning_rate: 'learning rate',
  loss_scale: 'loss scale',
  accuracy: 'accuracy',
  reward: 'reward',
  entropy: 'entropy of a policy',
  kl: 'KL divergence',
  response_length: 'length of responses',
  clip_fraction: 'clip fraction',
  zero_std_share: 'share of groups without spread',
  other: 'other metric',
}

/** For each rule whether it could run on a log, from what the rule states of itself; a rule that `found` something ran. */
export function checksOf(seen: SeenLog, settings: RunSettings, found: readonly string[] = []): readonly RuleCheck[] {
  return RULES.map((rule) => {
    const reason = found.includes(rule.name) ? null : whyNot(rule, seen, settings)
    return { rule: rule.name, ran: reason === null, reason }
  })
}

/**
 * What a log lacks for every rule that judges the course of a loss, in a few words; null where one of these ran, or where
 * they did not run for another reason.
 */
export function missingForCourse({ losses }: SeenLog, checks: readonly RuleCheck[]): string | null {
  const course = RULES.filter(({ judgesCourse }) => judgesCourse === true).map(({ name }) => name)
  const ofCourse = checks.filter(({ rule }) => course.includes(rule))
  if (ofCourse.some(({ ran }) => ran)) return null
  if (losses === 0) return 'no loss whose course could be judged'
  if (!ofCourse.some(({ reason }) => reason?.startsWith(TOO_FEW))) return null
  return `${losses} ${losses === 1 ? 'point' : 'points'}, too few to judge the course`
}

const TOO_FEW = 'too few'

function whyNot(rule: Rule<string, unknown, Thresholds>, seen: SeenLog, settings: RunSettings): string | null {
  const { name } = rule
  const detector = DETECTORS.find((other) => other.name === name)
  if (detector === undefined) return whyNotLog(rule, seen, settings)
  if (isOff(name, settings, null) && !seen.series.some(({ metric }) => !isOff(name, settings, metric)))
    return 'switched off'
  if (rule.needs.includes('predictions')) return whyNotBatches(detector, seen, settings)
  if (rule.needs.includes('times') && !seen.hasTimes) return 'no times'
  return detector.compares === undefined
    ? whyNotSeries(detector, seen, settings)
    : whyNotCompared(detector, detector.compares, seen, settings)
}

function whyNotLog(
  { name, needs }: Rule<string, unknown, Thresholds>,
  { notCompared }: SeenLog,
  settings: RunSettings,
): string | null {
  if (isOff(name, settings, null)) return 'switched off'
  if (needs.includes('baseline')) return notCompared
  if (needs.includes('clock')) return 'no clock: only the daemon sees it'
  return LOG_RULES.some((rule) => rule.name === name) ? null : 'not there'
}

function whyNotBatches(detector: AnyDetector, seen: SeenLog, settings: RunSettings): string | null {
  if (seen.batches === 0) return 'no predictions'
  const batches = detector.needs.includes('probabilities') ? seen.probabilityBatches : seen.batches
  if (batches === 0) return 'no probabilities'
  return tooFew(detector, batches, 'batches', null, thresholdsOf(detector, settings.ofRun))
}

/** A rule that compares series runs where each has enough values. */
function whyNotCompared(
  detector: AnyDetector,
  roles: readonly Role[],
  { series }: SeenLog,
  settings: RunSettings,
): string | null {
  const missing = roles.find((role) => !series.some((one) => one.role === role))
  if (missing !== undefined) return `no ${ROLE_NAMES[missing]}`
  const values = Math.min(...roles.map((role) => mostValues(series, role)))
  const { leastRounded = 0 } = detector
  const rounded = roles.find((role) => isRoundedToZero(series, role))
  if (rounded !== undefined && values < leastRounded)
    return `${ROLE_NAMES[rounded]} printed with too few digits to tell 0 from a small number: ${values} of ${leastRounded} points`
  return tooFew(detector, values, 'points', null, thresholdsOf(detector, settings.ofRun))
}

/** A rule about one series runs where one of those that it watches is long enough. */
function whyNotSeries(detector: AnyDetector, { series }: SeenLog, settings: RunSettings): string | null {
  const watched = series.filter(({ metric, role }) => detector.watches('sample', metric, role))
  if (watched.length === 0) return `no ${watchedBy(detector)}`
  const own = watched.filter(({ metric }) => !isOff(detector.name, settings, metric))
  if (own.length === 0) return 'switched off'
  const reasons = own.map(({ metric, values, lastStep }) => ({
    values,
    reason: tooFew(detector, values, 'points', lastStep, thresholdsOf(detector, settings.of(metric))),
  }))
  if (reasons.some(({ reason }) => reason === null)) return null
  return reasons.reduce((best, one) => (one.values > best.values ? one : best)).reason
}

function tooFew(
  rule: AnyDetector,
  values: number,
  of: 'points' | 'batches',
  lastStep: number | null,
  thresholds: Thresholds,
): string | null {
  // A value that is not finite is enough for a rule that needs one only.
  const least = rule.leastValues?.(thresholds, lastStep) ?? (thresholds['warmupSamples'] ?? 0) + 1
  return least <= 1 || values >= least ? null : `${TOO_FEW} ${of}: ${values} of ${least}`
}

/** What a rule watches, as people say it of a log that has none of it. */
function watchedBy(detector: AnyDetector): string {
  const roles = ROLES.filter((role) => detector.watches('sample', 'a metric', role))
  if (roles.length === ROLES.length) return 'values'
  return roles.length === 0 ? detector.document.watches : roles.map((role) => ROLE_NAMES[role]).join(' or ')
}

function isOff(rule: string, settings: RunSettings, metric: string | null): boolean {
  return (metric === null ? settings.ofRun : settings.of(metric))[rule] === false
}

/** Whether a log holds nothing of a role but zeros that may stand for small numbers. */
function isRoundedToZero(series: readonly SeenSeries[], role: Role): boolean {
  return series.every((one) => one.role !== role || (one.values > 0 && one.values === one.roundedZeros))
}

function mostValues(series: readonly SeenSeries[], role: Role): number {
  return Math.max(0, ...series.filter((one) => one.role === role).map(({ values }) => values))
}
