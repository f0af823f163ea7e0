import type { Confidence } from '../../protocol/alert.ts'
import type { CrashKind } from '../job/crash-patterns.ts'
import type { Circumstances, Recognition } from './circumstances.ts'
import type { ExplainedLoss } from './explained-loss.ts'

/** The frameworks for which a fix is spelled out. */
export const FRAMEWORKS = ['PyTorch', 'TensorFlow and Keras', 'JAX and optax', 'scikit-learn', 'NumPy'] as const

/** One framework, by the name that people see. */
export type Framework = (typeof FRAMEWORKS)[number]

/** Everything about one cause of a wrong loss: its texts, how sure it can be, and how it shows. */
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
  /** The most that a log can show of it: something else may look the same. */
  readonly atMost: Confidence
  /** Whether it only changes what the loss may be compared with, and not what is learnt. */
  readonly isHarmless: boolean
  /** Says why the loss of a batch is what it is, with its numbers. Without it `what` and the two losses do. */
  why?(loss: ExplainedLoss): string
  /** Recognises the cause by other evidence than the search over predictions has. */
  recognise?(circumstances: Circumstances): Recognition | null
}

/** Everything about one cause of a crash, which the last words of a log name. */
export interface CrashEntry {
  /** Its name in alerts: `C` and a number, and a word for it. */
  readonly code: `C${number}-${string}`
  readonly why: string
  readonly fix: string
  /** The kinds of last words that it explains. */
  readonly kinds: readonly CrashKind[]
}
