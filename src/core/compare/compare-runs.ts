import type { Contrast } from '../detect/comparison-rule.ts'
import { asLogged, asLoss, topOf } from './as-loss.ts'
import { type Compared, contrastOf, LEAST_PAIRS } from './contrast.ts'
import type { MetricCurve, RunCurves } from './metric-curve.ts'
import { overlapOf, type Span, sharedCells, spanOf } from './shared-cells.ts'
import { type NotShared, type SharedCurves, sharedCurves } from './shared-curves.ts'

/** How one metric of a run stands beside its baselines. */
export interface MetricContrast {
  readonly curve: MetricCurve
  readonly contrast: Contrast
}

export interface RunComparison {
  readonly compared: readonly MetricContrast[]
  readonly notCompared: readonly NotShared[]
}

/** A baseline counts among several where it goes on for this share of what the furthest of them has in common with the run. */
const NEARLY_AS_FAR = 0.9
/** A run is not judged by less than this share of its steps: a baseline that counts epochs has no steps in common with it. */
const LEAST_SHARE = 0.05

/** Compares a run with its baselines, metric by metric. */
export function compareRuns(candidate: RunCurves, baselines: readonly RunCurves[]): RunComparison {
  const { shared, notShared } = sharedCurves(candidate, baselines)
  const compared: MetricContrast[] = []
  const notCompared: NotShared[] = [...notShared]
  for (const curves of shared) {
    const { contrast, left } = contrastIn(curves)
    notCompared.push(...left)
    if (contrast !== null) compared.push({ curve: curves.candidate, contrast })
  }
  return { compared, notCompared }
}

function contrastIn({ candidate, references }: SharedCurves): {
  readonly contrast: Contrast | null
  readonly left: readonly NotShared[]
} {
  const left: NotShared[] = []
  const { metric } = candidate
  const usable = references.flatMap(({ run, curve }) => {
    const span = overlapOf([candidate, curve])
    const reason = misfit(candidate, curve, span)
    if (reason !== null) left.push({ baseline: run, metric, reason })
    return reason === null && span !== null ? [{ run, curve, span }] : []
  })
  const furthest = Math.max(...usable.map(({ span }) => span.to))
  const isFarEnough = ({ span }: { readonly span: Span }) =>
    span.to - span.from >= NEARLY_AS_FAR * (furthest - span.from)
  for (const { run, span } of usable.filter((one) => !isFarEnough(one))) {
    left.push({ baseline: run, metric, reason: `it ends at ${placeOf(candidate, span.to)}, and other baselines go on` })
  }
  const kept = usable.filter(isFarEnough)
  const span = kept.length === 0 ? null : overlapOf([candidate, ...kept.map(({ curve }) => curve)])
  if (span === null) return { contrast: null, left }
  const top = topOf([candidate, ...kept.map(({ curve }) => curve)])
  const cells = sharedCells(
    asLoss(candidate, top),
    kept.map(({ curve }) => asLoss(curve, top)),
    span,
  )
  if (cells.at.length < LEAST_PAIRS) {
    const reason = `${cells.at.length} ${cells.at.length === 1 ? 'value' : 'values'} in common, and ${LEAST_PAIRS} are needed`
    left.push(...kept.map(({ run }) => ({ baseline: run, metric, reason })))
    return { contrast: null, left }
  }
  const start = Math.min(...[candidate, ...kept.map(({ curve }) => curve)].map((curve) => spanOf(curve).from))
  const about: Omit<Compared, 'cells'> = { baselines: kept.map(({ run }) => run), start, axis: candidate.axis }
  return { contrast: asLogged(contrastOf({ ...about, cells }), top), left }
}

/** Why two curves cannot be put side by side, or null. */
function misfit(candidate: MetricCurve, reference: MetricCurve, overlap: Span | null): string | null {
  if (candidate.axis !== reference.axis) {
    return `only ${candidate.axis === 'step' ? 'the run' : 'the baseline'} counts steps`
  }
  const [own, theirs] = [spanOf(candidate), spanOf(reference)]
  const spans = `${wordsOf(candidate, own)} of the run and ${wordsOf(reference, theirs)} of the baseline`
  if (overlap === null) return `the steps do not overlap: ${spans}`
  const isSmall = overlap.to - overlap.from < LEAST_SHARE * (own.to - own.from)
  return isSmall ? `the steps hardly overlap: ${spans}` : null
}

function wordsOf({ axis }: MetricCurve, { from, to }: Span): string {
  return `${axis}s ${from} to ${to}`
}

function placeOf({ axis }: MetricCurve, place: number): string {
  return `${axis} ${place}`
}
