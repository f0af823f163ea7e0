import type { Confidence } from '../../protocol/alert.ts'
import type { Circumstances, Recognition } from './circumstances.ts'
import type { ExplainedLoss } from './explained-loss.ts'

/** The frameworks for which a fix is spelled out. */
export const FRAMEWORKS = ['PyTorch', 'TensorFlow and Keras', 'JAX and optax', 'scikit-learn', 'NumPy'] as const

/** One framework, by the name that people see. */
export type Framework = (typeof FRAMEWORKS)[number]

/** Everything about one cause of a wrong loss: its texts, how sure it can be, and how it is recognised. */
export interface CauseEntry {
  /** The number in its code: 1 in `R1-log-zero`. */
  readonly number: number
  /** The rest of its code: `log-zero` in `R1-log-zero`. */
  readonly name: string
  readonly title: string
  /** What goes wrong, in a sentence or two. */
  readonly what: string
  /** What a log shows when this is the cause. */
  readonly signs: string
  /** What to change, in one line. It ends the message of an alert. */
  readonly fix: string
  /** The fix as code, by framework. A framework in which the cause cannot occur, or that has no fix of its own, is left out. */
  readonly inCode: Partial<Readonly<Record<Framework, string>>>
  /** How to make sure that it is this cause. */
  readonly confirm: string
  /** Where the cause or the behaviour behind it is documented. */
  readonly links: readonly string[]
  /** The highest confidence that a log alone can give it, because another cause may look the same. */
  readonly atMost: Confidence
  /** Whether it does no harm to what is learnt, and only changes what the loss can be compared with. */
  readonly isHarmless: boolean
  /** Explains the loss of a batch, with its numbers. An entry without it is explained by `what` and the two losses. */
  why?(loss: ExplainedLoss): string
  /** Recognises the cause by evidence that the search over predictions does not use. Null where it is not recognised. */
  recognise?(circumstances: Circumstances): Recognition | null
}
