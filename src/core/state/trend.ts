import type { Role, Sample } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import type { Point } from '../causes/circumstances.ts'
import type { Trend } from '../diagnose/diagnosis.ts'

/** Of each role so many of the newest points are kept. */
export const TREND_POINTS = 12
/** A file has few losses and gradient norms of the whole model; of more only the first are compared with how they began. */
const MAX_BEGINNINGS = 8
/** Of more metrics that are not finite at once, which of them broke first says little. */
const MAX_BROKEN = 16

const NO_POINTS: readonly Point[] = []
export const NO_TREND: Trend = { gradNorm: [], learningRate: [], loss: [] }

type FollowedSample = Sample & { readonly isPlaceholder?: true }

/** The trend of a file while a read is folded into it. What it begins with never changes. */
export class TrendDraft {
  readonly #gradNorm: Point[]
  readonly #learningRate: Point[]
  readonly #loss: Point[]
  readonly #validationLoss: Point[]
  readonly #began: Map<string, number>
  readonly #brokenSince: Map<string, number | null>

  constructor({ gradNorm, learningRate, loss, validationLoss = [], began = {}, brokenSince = {} }: Trend) {
    this.#gradNorm = [...gradNorm]
    this.#learningRate = [...learningRate]
    this.#loss = [...loss]
    this.#validationLoss = [...validationLoss]
    this.#began = new Map(Object.entries(began))
    this.#brokenSince = new Map(Object.entries(brokenSince))
  }

  /** Takes in a sample. A finite one of a role that explains nothing does not change the trend. */
  add(sample: FollowedSample): void {
    const { metric, role, step, value } = sample
    if (!isFinite(value) || this.#brokenSince.size > 0) this.#heedBroken(sample)
    const points = this.#of(role)
    if (points === null) return
    if (points.length === TREND_POINTS) points.shift()
    points.push({ metric, step, value })
    const hasBeginning = role === 'grad_norm' || role === 'train_loss'
    if (hasBeginning && isFinite(value) && this.#began.size < MAX_BEGINNINGS && !this.#began.has(metric))
      this.#began.set(metric, value)
  }

  /** Whether a metric is not finite, as far as is known. */
  get isBroken(): boolean {
    return this.#brokenSince.size > 0
  }

  /** The newest points of a role, oldest first; none for a role that explains nothing. */
  pointsOf(role: Role): readonly Point[] {
    return this.#of(role) ?? NO_POINTS
  }

  #of(role: Role): Point[] | null {
    switch (role) {
      case 'grad_norm':
        return this.#gradNorm
      case 'learning_rate':
        return this.#learningRate
      case 'train_loss':
        return this.#loss
      case 'val_loss':
        return this.#validationLoss
      default:
        return null
    }
  }

  /** The trend as it is now. */
  get value(): Trend {
    return {
      gradNorm: [...this.#gradNorm],
      learningRate: [...this.#learningRate],
      loss: [...this.#loss],
      ...(this.#validationLoss.length > 0 && { validationLoss: [...this.#validationLoss] }),
      ...(this.#began.size > 0 && { began: Object.fromEntries(this.#began) }),
      ...(this.#brokenSince.size > 0 && { brokenSince: Object.fromEntries(this.#brokenSince) }),
    }
  }

  /** Takes note of the step since which a metric is not finite, or that it is finite again. */
  #heedBroken({ metric, step, value, isPlaceholder }: FollowedSample): void {
    if (isPlaceholder === true) return
    if (isFinite(value)) this.#brokenSince.delete(metric)
    else if (!this.#brokenSince.has(metric) && this.#brokenSince.size < MAX_BROKEN) this.#brokenSince.set(metric, step)
  }
}
