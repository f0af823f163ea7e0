import type { Role } from '../../protocol/sample.ts'
import { areOfMovingTarget } from '../records/fields.ts'
import type { MetricCurve, RunCurves } from './metric-curve.ts'

/** The metrics that are compared, one of each of these groups: what tells most of a run first. */
const GROUPS: readonly (readonly Role[])[] = [['train_loss'], ['val_loss']]
/** They are compared where a run shares none of the above with its baselines. */
const SPARE_GROUPS: readonly (readonly Role[])[] = [['other'], ['accuracy']]

/** Words of losses that rise and fall as their opponent, or their task, becomes better. */
const TWO_SIDED = new Set(
  'd g gan adv adversarial disc discriminator discr gen generator critic policy actor value vf pg entropy kl kld'.split(
    ' ',
  ),
)
/** Curves of one metric, one of a run and one of each baseline that has it. */
export interface SharedCurves {
  readonly candidate: MetricCurve
  readonly references: readonly { readonly run: string; readonly curve: MetricCurve }[]
}

/** Why nothing is compared with a baseline; `metric` is null where it is about the whole run. */
export interface NotShared {
  readonly baseline: string
  readonly metric: string | null
  readonly reason: string
}

/** Finds what a run and its baselines have in common: one metric of each group. */
export function sharedCurves(
  candidate: RunCurves,
  baselines: readonly RunCurves[],
): { readonly shared: readonly SharedCurves[]; readonly notShared: readonly NotShared[] } {
  const notShared: NotShared[] = []
  const isOneSided = ({ metrics }: RunCurves) => !areOfMovingTarget(metrics)
  const comparable = baselines.filter(({ run, curves, metrics }) => {
    const reason =
      curves.length === 0
        ? 'no loss and no accuracy was read of it'
        : [candidate, { run, curves, metrics }].every(isOneSided)
          ? null
          : 'the losses of reinforcement and of adversarial learning do not say which of two runs is better'
    if (reason !== null) notShared.push({ baseline: run, metric: null, reason })
    return reason === null
  })
  const of = (roles: readonly Role[]) => sharedOf(candidate, comparable, roles)
  const main = GROUPS.map(of).filter((found) => found !== null)
  const spare = SPARE_GROUPS.map(of).find((found) => found !== null)
  const shared = main.length > 0 ? main : spare === undefined ? [] : [spare]
  for (const { run } of comparable) {
    if (shared.some(({ references }) => references.some((reference) => reference.run === run))) continue
    notShared.push({ baseline: run, metric: null, reason: 'no loss and no accuracy is logged by both' })
  }
  return { shared, notShared }
}

/** The metric of some roles that most baselines share with the run, and of those the one with most values. */
function sharedOf(candidate: RunCurves, baselines: readonly RunCurves[], roles: readonly Role[]): SharedCurves | null {
  const isOfRole = (curve: MetricCurve) => roles.includes(curve.role) && !isTwoSided(curve.metric)
  const own = candidate.curves.filter(isOfRole)
  let best: SharedCurves | null = null
  for (const curve of own) {
    const references = baselines.flatMap((baseline) => {
      const found = counterpart(curve, own, baseline.curves.filter(isOfRole))
      return found === null ? [] : [{ run: baseline.run, curve: found }]
    })
    if (references.length === 0) continue
    const found = { candidate: curve, references }
    if (best === null || isBefore(found, best)) best = found
  }
  return best
}

function isBefore(one: SharedCurves, other: SharedCurves): boolean {
  const [a, b] = [one.candidate, other.candidate]
  if (one.references.length !== other.references.length) return one.references.length > other.references.length
  return a.metric === b.metric ? isFuller(a, b) : a.value.length > 2 * b.value.length
}

/** The same metric in a baseline: by its name, or by its role where each run has but one of that role. */
function counterpart(
  curve: MetricCurve,
  own: readonly MetricCurve[],
  theirs: readonly MetricCurve[],
): MetricCurve | null {
  const named = theirs.filter(({ metric }) => metric === curve.metric)
  const isOnlyOne = curve.role !== 'other' && namesOf(own).size === 1 && namesOf(theirs).size === 1
  const found = named.length > 0 || !isOnlyOne ? named : theirs
  const alike = found.filter(({ axis }) => axis === curve.axis)
  return (alike.length > 0 ? alike : found).reduce<MetricCurve | null>(
    (best, one) => (best === null || isFuller(one, best) ? one : best),
    null,
  )
}

/**
 * Whether a curve says more of a metric than that of another file of the same run: it counts steps, or goes further, or
 * has more values. Of equal ones that of the shorter path says it: a checkpoint holds a copy.
 */
function isFuller(one: MetricCurve, other: MetricCurve): boolean {
  if (one.axis !== other.axis) return one.axis === 'step'
  const [end, otherEnd] = [one.at.at(-1)!, other.at.at(-1)!]
  if (end !== otherEnd) return end > otherEnd
  if (one.value.length !== other.value.length) return one.value.length > other.value.length
  return one.file.length < other.file.length
}

function namesOf(curves: readonly MetricCurve[]): ReadonlySet<string> {
  return new Set(curves.map(({ metric }) => metric))
}

function isTwoSided(metric: string): boolean {
  return wordsOf(metric).some((word) => TWO_SIDED.has(word))
}

function wordsOf(metric: string): readonly string[] {
  return metric
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_\-./:|#]+/)
}
