import type { Dtype } from '../kernels/float-type.ts'
import { rounding, ulpOfOne } from '../measure/rounding.ts'

/** How a job keeps its logarithm finite. */
export type Guard =
  | { readonly kind: 'none' }
  /** p clipped to [ε, 1 − ε]. */
  | { readonly kind: 'clip'; readonly epsilon: number }
  /** log(p + ε). */
  | { readonly kind: 'add'; readonly epsilon: number }
  /** p clipped to [ε, 1 − ε], and then log(p + ε), as Keras' binary cross-entropy of TensorFlow 2. */
  | { readonly kind: 'clip-add'; readonly epsilon: number }
  /** The logarithm itself is held at −100 or above, as in PyTorch's `BCELoss`. */
  | { readonly kind: 'floor' }

const NO_GUARD: Guard = { kind: 'none' }

/** The smallest normal number of a float32: Caffe's softmax loss takes the logarithm of no less. */
const FLOAT32_MIN = 2 ** -126
const EPSILONS = [1e-20, 1e-17, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2]

/** The guards of frameworks and of hand-written losses. One of their ε is the ulp of the type. */
export function guardsOf(dtype: Dtype): readonly Guard[] {
  const epsilons = [...EPSILONS, ulpOfOne(dtype)]
  return [
    NO_GUARD,
    { kind: 'floor' },
    { kind: 'clip', epsilon: FLOAT32_MIN },
    { kind: 'clip-add', epsilon: 1e-7 },
    ...epsilons.map((epsilon): Guard => ({ kind: 'clip', epsilon })),
    ...epsilons.map((epsilon): Guard => ({ kind: 'add', epsilon })),
  ]
}

export function guardName(guard: Guard): string {
  if (guard.kind === 'none') return 'no clip'
  if (guard.kind === 'floor') return 'logarithm held above −100'
  const epsilon = Number(guard.epsilon.toPrecision(6))
  const clip = `clip to [${epsilon}, 1 − ${epsilon}]`
  const add = `log(p + ${epsilon})`
  switch (guard.kind) {
    case 'clip':
      return clip
    case 'add':
      return add
    case 'clip-add':
      return `${clip}, then ${add}`
  }
}

/** The two logarithms of a binary loss, with each operation rounded to the type of the job. */
export interface GuardedLogs {
  /** ln p, as the job would get it. */
  ofP(p: number): number
  /** ln (1 − p). */
  ofRest(p: number): number
}

/** The logarithms as a job with this guard computes them in this type. */
export function guardedLogs(guard: Guard, dtype: Dtype): GuardedLogs {
  const round = rounding(dtype)
  const log = (value: number) => round(Math.log(value))
  switch (guard.kind) {
    case 'none':
      return { ofP: log, ofRest: (p) => log(round(1 - p)) }
    case 'floor':
      return { ofP: (p) => Math.max(log(p), -100), ofRest: (p) => Math.max(log(round(1 - p)), -100) }
    case 'clip':
    case 'clip-add': {
      const low = round(guard.epsilon)
      // In float32 1 − 10⁻¹⁰ is 1: the upper end of the clip is gone.
      const high = round(1 - low)
      const added = guard.kind === 'clip' ? 0 : low
      const clip = (p: number) => Math.min(Math.max(p, low), high)
      return { ofP: (p) => log(round(clip(p) + added)), ofRest: (p) => log(round(round(1 - clip(p)) + added)) }
    }
    case 'add': {
      const epsilon = round(guard.epsilon)
      return { ofP: (p) => log(round(p + epsilon)), ofRest: (p) => log(round(round(1 - p) + epsilon)) }
    }
  }
}

/** Whether ε is 0 in this type, so that the guard does nothing. */
export function isEpsilonLost(guard: Guard, dtype: Dtype): boolean {
  return 'epsilon' in guard && rounding(dtype)(guard.epsilon) === 0
}

/** Whether 1 − ε is 1 in this type, so that the clip has only a lower end. */
export function isUpperEndLost(guard: Guard, dtype: Dtype): boolean {
  const round = rounding(dtype)
  return guard.kind === 'clip' && round(1 - round(guard.epsilon)) === 1
}
