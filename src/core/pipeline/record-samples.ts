import type { Role } from '../../protocol/sample.ts'
import { type Finite, isFinite, type MetricValue } from '../../protocol/value.ts'
import type { BesideBroken, SeenSample } from '../detect/detector.ts'
import { type Gain, isAtBest, isLost } from '../detect/gain.ts'
import type { Trend } from '../diagnose/diagnosis.ts'
import { hasLosses, type LossesSeen } from '../records/acting-losses.ts'
import { isLossRole, isMeasure, isOfPast, phaseOf, targetHintIn } from '../records/fields.ts'
import type { Scalar, ScalarsRecord } from '../records/format.ts'
import { isSide } from '../records/side-names.ts'
import type { SeriesProgress } from '../runs/attempts.ts'
import type { TrendDraft } from '../state/trend.ts'
import type { PlacedSample } from './commit.ts'

/** Of more losses in a record than these the rest is not compared. */
const MOST_LOSSES = 8
/** Of each role with a 0 that may stand for a small number: the fewest decimals of such a 0. */
export type ZeroDecimals = Readonly<Partial<Record<Role, number>>>
const OF_TRAINING: readonly Role[] = ['learning_rate', 'grad_norm', 'loss_scale']

/**
 * Whether a value is logged for the second time: some loggers write each record twice, and a bar of progress is drawn
 * again. A value that stands still comes more than twice at a step, or at each step.
 */
export function isLoggedAgain(trend: TrendDraft, { metric, role, step, value }: PlacedSample): boolean {
  if (step === null) return false
  const points = trend.pointsOf(role)
  const last = points.findLastIndex((point) => point.metric === metric)
  if (last < 0 || points[last]!.step !== step || points[last]!.value !== value) return false
  return points.slice(0, last).findLast((point) => point.metric === metric)?.step !== step
}

/** A sample in the role that it is judged in. */
export function judged(sample: PlacedSample): PlacedSample {
  return sample.actsAs === undefined ? sample : { ...sample, role: sample.actsAs }
}

/** What is known of a record when its samples are shown to the detectors, but for what its samples say together. */
interface RecordContext {
  readonly time: string | null
  readonly epoch: number | null
  readonly isPlaceholder: boolean
  readonly hasMovingTarget: boolean
  readonly hasPolicy: boolean
  readonly gain: Gain | null
  readonly broken: BesideBroken | undefined
  readonly zeroDecimals: ZeroDecimals
  readonly arePredictionsRight: boolean
}

/** The same with what its samples say together. */
interface RecordAbout {
  readonly context: RecordContext
  readonly samples: readonly PlacedSample[]
  readonly gradientNorm: MetricValue | undefined
  readonly finiteLosses: readonly PlacedSample[]
}

export function recordAbout(samples: readonly PlacedSample[], context: RecordContext): RecordAbout {
  const gradientNorm = valueOf('grad_norm', samples)
  return { context, samples, gradientNorm, finiteLosses: finiteOf('train_loss', samples) }
}

function valueOf(role: Role, samples: readonly PlacedSample[]): MetricValue | undefined {
  return samples.find((sample) => sample.role === role)?.value
}

/** What is known of the series of a sample. */
interface SeriesAbout {
  readonly isBehind: boolean
  /** Its values are sums over an epoch. */
  readonly isSum: boolean
  readonly hasOtherParts: boolean | undefined
}

/** A sample with what stands beside it. All keys are given, for one shape of object is read faster than many. */
export function seenBeside(
  sample: PlacedSample,
  { context, samples, gradientNorm, finiteLosses }: RecordAbout,
  { isBehind, isSum, hasOtherParts }: SeriesAbout,
): SeenSample {
  const { role, actsAs, value } = sample
  const { time, epoch, isPlaceholder, hasMovingTarget, hasPolicy, gain, broken, zeroDecimals, arePredictionsRight } =
    context
  return {
    kind: 'sample',
    sample,
    time,
    epoch: epoch ?? undefined,
    isBehind,
    isPlaceholder,
    hasMovingTarget: hasMovingTarget || isSum,
    hasPolicy,
    gradientNorm,
    learningRate: role === 'val_loss' ? valueOf('learning_rate', samples) : undefined,
    arePredictionsRight,
    zeroDecimals: value === 0 ? zeroDecimals[role] : undefined,
    isPart: actsAs !== undefined,
    hasOtherParts,
    isGainAtBest: role === 'entropy' ? isAtBest(gain) : undefined,
    isGainLost: role === 'kl' ? isLost(gain) : undefined,
    otherLosses: othersBeside(sample, finiteLosses, samples),
    isBesideTraining: role === 'val_loss' ? finiteLosses.length > 0 : undefined,
    broken: isFinite(value) ? undefined : broken,
  }
}

/** Whether a record has the score of a game, points that are counted or lost, and nothing that is measured by labels. */
export function hasScoreOfGame(samples: readonly PlacedSample[]): boolean {
  const hasScore = samples.some(
    ({ role, metric, value }) =>
      role === 'other' &&
      isFinite(value) &&
      (value < 0 || (value > 1 && value !== 100 && Number.isInteger(value))) &&
      targetHintIn(metric) === 'score',
  )
  return hasScore && samples.every(({ role }) => role !== 'accuracy' && role !== 'val_loss')
}

/** What is known beside the values of a record that are not finite; undefined where all are. */
export function besideBroken(
  samples: readonly PlacedSample[],
  losses: LossesSeen,
  { step, epoch }: Pick<ScalarsRecord, 'step' | 'epoch'>,
  training: Trend['loss'],
  progressOf: (metric: string) => SeriesProgress,
): BesideBroken | undefined {
  if (samples.every(({ value }) => isFinite(value))) return undefined
  const broken = samples.filter(({ value }) => !isFinite(value))
  const last = training.at(-1)
  const isSound = last !== undefined && isFinite(last.value) && last.value !== 0
  const fewest = Math.min(...training.map(({ metric }) => progressOf(metric).nextOrdinal))
  const isCounted = step !== null || epoch !== null
  return {
    beside: samples,
    share: brokenShareOf(samples, losses),
    alone: !hasLosses(losses) && isCounted ? aloneIn(samples) : null,
    mayHaveHoles: isSound && broken.some(({ ordinal }) => ordinal + 2 >= fewest),
  }
}

/** The only value that says how well a training goes; null where there are several, or none. */
function aloneIn(samples: readonly PlacedSample[]): string | null {
  const telling = samples.filter(({ role, metric }) => !OF_TRAINING.includes(role) && !isAside(metric))
  return telling.length === 1 ? telling[0]!.metric : null
}

/** Whether a value stands beside those of the training, and is finite whatever becomes of them: a time, the best so far. */
function isAside(metric: string): boolean {
  return isSide(metric) || isOfPast(metric)
}

/**
 * The share of the losses of a record that are not finite; of all its values where the file logs no loss, and there are
 * several, or it stands beside what only training has. Times, rates, sizes and what was best so far do not count.
 */
function brokenShareOf(samples: readonly PlacedSample[], losses: LossesSeen): number {
  const about = samples.filter(({ role, actsAs, metric }) =>
    hasLosses(losses)
      ? isLossRole(role) || actsAs === 'objective'
      : (role === 'other' || role === 'kl') && !isMeasure(metric) && !isAside(metric),
  )
  const broken = about.filter(({ value }) => !isFinite(value)).length
  const isOfTraining =
    hasLosses(losses) ||
    about.length > 1 ||
    about.some(({ metric }) => phaseOf(metric) === 'training') ||
    samples.some(({ role }) => OF_TRAINING.includes(role))
  return isOfTraining && about.length > 0 ? broken / about.length : 0
}

/** The first few finite losses of a record that are judged in a role. */
export function finiteOf(role: Role, samples: readonly PlacedSample[]): readonly PlacedSample[] {
  return samples.filter((sample) => sample.role === role && isFinite(sample.value)).slice(0, MOST_LOSSES)
}

/** The other losses beside a loss in its record, of the same role; undefined where it is the only one, or none. */
function othersBeside(
  sample: PlacedSample,
  ofTraining: readonly PlacedSample[],
  samples: readonly PlacedSample[],
): readonly Finite[] | undefined {
  if (sample.role === 'train_loss') return othersAmong(ofTraining, sample)
  return sample.role === 'val_loss' ? othersAmong(finiteOf('val_loss', samples), sample) : undefined
}

function othersAmong(losses: readonly PlacedSample[], loss: PlacedSample): readonly Finite[] | undefined {
  const isOnly = losses.length === 0 || (losses.length === 1 && losses[0] === loss)
  return isOnly ? undefined : losses.filter((other) => other !== loss).map(({ value }) => value as Finite)
}

export function zeroDecimalsOf(scalars: readonly Scalar[]): ZeroDecimals {
  const fewest: Partial<Record<Role, number>> = {}
  for (const { role: own, actsAs: role = own, zeroDecimals } of scalars)
    if (zeroDecimals !== undefined) fewest[role] = Math.min(zeroDecimals, fewest[role] ?? zeroDecimals)
  return fewest
}
