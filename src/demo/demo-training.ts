import { descend, type Evaluation, evaluate, zeroWeights } from './classifier.ts'
import { LOSSES, type LossName } from './demo-losses.ts'
import { type Flower, splitFlowers } from './iris.ts'
import { seededRandom, shuffled } from './random.ts'

const f32 = Math.fround

/** Everything that decides the numbers of a training: equal settings give equal runs, to the last bit. */
export interface TrainingSettings {
  readonly loss: LossName
  /** The learning rate of the first step. */
  readonly learningRate: number
  /** What the learning rate is multiplied by after each step: below 1 it decays, above 1 it grows. */
  readonly decay: number
  readonly steps: number
  /** Flowers per step, at most 120; the rest of an epoch that fills no batch is left out. */
  readonly batch: number
  readonly seed: number
}

/** One optimizer step: the model as it was before the update, and the gradient that moves it. */
export interface TrainingStep extends Omit<Evaluation, 'gradient'> {
  /** Counted from 1. */
  readonly step: number
  readonly learningRate: number
  readonly gradientNorm: number
  /** The loss on the flowers held out; null except every 20 steps. */
  readonly validationLoss: number | null
}

const VALIDATION_INTERVAL_STEPS = 20

/**
 * Trains softmax regression on iris by mini-batch gradient descent, one step per iteration.
 *
 * Nothing here knows of failure: a NaN comes from the arithmetic or not at all,
 * and then the training goes on with it, as most real jobs do.
 */
export function* train(settings: TrainingSettings): Generator<TrainingStep, void> {
  const random = seededRandom(settings.seed)
  const { training, validation } = splitFlowers(random)
  const batches = endlessBatches(training, settings.batch, random)
  const loss = LOSSES[settings.loss]
  const weights = zeroWeights()
  let learningRate = f32(settings.learningRate)
  for (let step = 1; step <= settings.steps; step++) {
    const { gradient, ...measures } = evaluate(weights, batches.next().value, loss)
    const validates = step % VALIDATION_INTERVAL_STEPS === 0
    const validationLoss = validates ? evaluate(weights, validation, loss).loss : null
    yield { step, ...measures, learningRate, gradientNorm: normOf(gradient), validationLoss }
    descend(weights, gradient, learningRate)
    learningRate = f32(learningRate * settings.decay)
  }
}

function* endlessBatches(flowers: readonly Flower[], size: number, random: () => number): Generator<Flower[], never> {
  while (true) {
    const epoch = shuffled(flowers, random)
    for (let start = 0; start + size <= epoch.length; start += size) yield epoch.slice(start, start + size)
  }
}

function normOf(vector: Float32Array): number {
  return f32(Math.sqrt(vector.reduce((sum, value) => f32(sum + f32(value * value)), 0)))
}
