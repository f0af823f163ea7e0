/** The frameworks for which a fix is spelled out. */
export const FRAMEWORKS = ['PyTorch', 'TensorFlow and Keras', 'JAX and optax', 'scikit-learn', 'NumPy'] as const

export type Framework = (typeof FRAMEWORKS)[number]

/** All that is to be said of one cause, whichever run it was found in. */
export interface CauseEntry {
  /** The number in its code. */
  readonly number: number
  /** The rest of its code. */
  readonly name: string
  readonly title: string
  /** What goes wrong, in a sentence or two. */
  readonly what: string
  /** What a log shows when this is the cause. */
  readonly signs: string
  /** What to change, in one line of an alert. */
  readonly fix: string
  /** The same as code; a framework in which it cannot happen, or has no fix of its own, is left out. */
  readonly inCode: Partial<Readonly<Record<Framework, string>>>
  readonly confirm: string
  /** Where the cause or the behaviour behind it is documented. */
  readonly links: readonly string[]
}
