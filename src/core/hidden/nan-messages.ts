/** What a line of a log says about a value that it does not show. */
export type NanMessage =
  /** The line says in words that there was a NaN or an infinity. */
  | { readonly kind: 'stated'; readonly detail: string }
  /** A step was skipped because its gradients overflowed, which is normal now and then in float16. */
  | { readonly kind: 'overflow' }
  /** No split of a tree has a finite gain, which is normal once the data are used up, unless the loss stands still. */
  | { readonly kind: 'no-gain' }

/** Sentences that frameworks print, in lower case, and what each of them means. */
const SENTENCES: readonly (readonly [sentence: string, meaning: string])[] = [
  [
    'loss nan/inf detected',
    'Ultralytics says that the loss was NaN or infinite; it goes back to last.pt and writes no row for the epoch.',
  ],
  [
    'moving average ignored a value of',
    'The log says that its moving average left a non-finite loss out: the averages that it shows look healthy.',
  ],
  ['dropping nan metric', 'The log says that a NaN was dropped before the metrics of the ranks were reduced.'],
  ['invalid loss, terminating training', 'Keras says that the loss became NaN or infinite, and ended the training.'],
  ['nan or inf found in input tensor', 'The TensorBoard writer was given a NaN or an infinity.'],
  ['loss is nan', 'The log says that the loss is NaN.'],
  ['loss is inf', 'The log says that the loss is infinite.'],
  ['nan loss', 'The log says that the loss is NaN.'],
  ['non-finite loss', 'The log says that the loss is not finite.'],
  ['nonfinite loss', 'The log says that the loss is not finite.'],
  ['nan detected', 'The log says that a NaN was detected.'],
  ['nans detected', 'The log says that NaNs were detected.'],
  [
    'minimum loss scale reached',
    'The loss scale fell to its minimum: the gradients overflow at every scale, so the loss explodes.',
  ],
]
const OVERFLOWS = [
  'gradient overflow',
  'overflow! rank',
  'overflow detected',
  'reducing loss scale',
  'attempted loss scale:',
]

const MAX_CHARS = 512
const CLUE = /nan|inf|overflow|invalid loss|loss scale/i
/** Words and marks before a sentence that show that it is source code, or describes an option, and did not happen. */
const IS_QUOTED = /["'`#]|\/\/|print|raise |assert|\b(?:no|not|without|if|when|whether) $/i

/** What a line says about a hidden value, or null where it says nothing about one. */
export function nanMessageIn(line: string): NanMessage | null {
  const head = line.length > MAX_CHARS ? line.slice(0, MAX_CHARS) : line
  if (!CLUE.test(head)) return null
  const text = head.toLowerCase()
  for (const [sentence, detail] of SENTENCES) {
    if (holds(text, sentence)) return { kind: 'stated', detail }
  }
  if (holds(text, 'best gain: -inf')) return { kind: 'no-gain' }
  return OVERFLOWS.some((sentence) => holds(text, sentence)) ? { kind: 'overflow' } : null
}

function holds(text: string, sentence: string): boolean {
  const at = text.indexOf(sentence)
  if (at < 0 || IS_QUOTED.test(text.slice(0, at))) return false
  // `nan loss` is a sentence, but `nan_loss_count=0` and `nan losses: 0` are counters.
  return !/^(?:\w|[=:(] *(?:0\b|false|none))/.test(text.slice(at + sentence.length, at + sentence.length + 8))
}
