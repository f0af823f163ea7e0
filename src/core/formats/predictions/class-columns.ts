import type { PredictionKind } from '../../measure/prediction-batch.ts'

/** The columns of a table that hold one class each, in the order of the classes. */
export type ClassColumns = {
  readonly columns: readonly number[]
  /** Null where the names do not tell it. */
  readonly kind: PredictionKind | null
  /** What the names call the classes: `0`, or `cat` of `prob_cat`. */
  readonly classes: readonly string[]
}

const PREFIXES: ReadonlyMap<string, PredictionKind | null> = new Map([
  ['p', 'probs'],
  ['prob', 'probs'],
  ['probs', 'probs'],
  ['proba', 'probs'],
  ['probability', 'probs'],
  ['pred_prob', 'probs'],
  ['pred_probs', 'probs'],
  ['softmax', 'probs'],
  ['logit', 'logits'],
  ['logits', 'logits'],
  ['log_prob', 'log_probs'],
  ['log_probs', 'log_probs'],
  ['logprob', 'log_probs'],
  ['class', null],
  ['c', null],
  ['pred', null],
  ['y_pred', null],
  ['score', null],
  ['output', null],
])

/** What the columns of the truth go by that have one for each class as well. */
const TRUTHS: readonly string[] = [
  'label',
  'labels',
  'target',
  'targets',
  'true',
  'truth',
  'y_true',
  'true_label',
  'gold',
  'y',
]

const SEPARATORS = '_-. '

interface ClassColumn {
  readonly column: number
  readonly name: string
}

/** Finds `p0, p1, p2`, or `prob_cat, prob_dog`: names of one kind with a class each; null where there are not two. */
export function classColumns(names: readonly string[]): ClassColumns | null {
  const families = new Map<string, ClassColumn[]>()
  for (const [column, name] of names.entries()) {
    const split = splitName(name)
    if (split === null) continue
    const family = families.get(split.prefix) ?? []
    family.push({ column, name: split.rest })
    families.set(split.prefix, family)
  }
  let best: ClassColumns | null = null
  for (const [prefix, family] of families) {
    const ordered = inOrder(family)
    if (ordered === null || ordered.length < 2 || ordered.length <= (best?.columns.length ?? 0)) continue
    const kind = PREFIXES.get(withoutSeparator(prefix)) ?? null
    best = { columns: ordered.map(({ column }) => column), kind, classes: ordered.map(({ name }) => name) }
  }
  return best
}

/**
 * The columns of the truth of each class, in the order of the columns of the guesses: `label_0, label_1` beside
 * `prob_0, prob_1`. Null where a class has none. Names that do not tell what is guessed may be those of numbers, such as
 * `y_true_0` beside `y_pred_0`; a label is of a class.
 */
export function truthColumns(names: readonly string[], { kind, classes }: ClassColumns): readonly number[] | null {
  const lower = names.map((name) => name.toLowerCase())
  for (const truth of kind === null ? TRUTHS.slice(0, 2) : TRUTHS) {
    const columns = classes.map((name) => lower.findIndex((one) => isOfClass(one, truth, name.toLowerCase())))
    if (columns.every((column) => column >= 0)) return columns
  }
  return null
}

function isOfClass(name: string, truth: string, className: string): boolean {
  if (!name.startsWith(truth) || !name.endsWith(className)) return false
  const between = name.slice(truth.length, name.length - className.length)
  return between === '' || (between.length === 1 && SEPARATORS.includes(between))
}

/** The index of the class that a label means; a number that names no class stays as it is, as NaN does, and a word gives null. */
export function classIndex({ classes }: ClassColumns, label: string): number | null {
  const index = classes.indexOf(label)
  if (index >= 0) return index
  if (label.toLowerCase() === 'nan') return Number.NaN
  const number = label === '' ? Number.NaN : Number(label)
  if (!Number.isInteger(number)) return null
  const named = classes.indexOf(String(number))
  return named >= 0 ? named : number
}

function splitName(name: string): { readonly prefix: string; readonly rest: string } | null {
  const lower = name.toLowerCase()
  let digits = lower.length
  while (digits > 0 && isDigit(lower.charAt(digits - 1))) digits--
  const stem = lower.slice(0, digits)
  if (digits < lower.length) {
    const prefix = withoutSeparator(stem)
    if (PREFIXES.has(prefix)) return { prefix, rest: String(Number(lower.slice(digits))) }
  }
  for (const [prefix, kind] of PREFIXES) {
    // `p_value` and `class_name` are no classes.
    if (kind === null || prefix.length === 1) continue
    if (lower.startsWith(`${prefix}_`) && name.length > prefix.length + 1) {
      return { prefix: `${prefix}_`, rest: name.slice(prefix.length + 1) }
    }
  }
  return null
}

/** Numbered classes by their numbers, which begin at 0 or 1 and leave none out; named ones as they stand. */
function inOrder(family: readonly ClassColumn[]): readonly ClassColumn[] | null {
  const areNumbers = family.every(({ name }) => isDigit(name.charAt(0)) && String(Number(name)) === name)
  if (!areNumbers) return family
  const sorted = [...family].sort((a, b) => Number(a.name) - Number(b.name))
  const first = Number(sorted[0]?.name)
  const isComplete = first <= 1 && sorted.every(({ name }, i) => Number(name) === first + i)
  return isComplete ? sorted : null
}

function withoutSeparator(stem: string): string {
  return SEPARATORS.includes(stem.charAt(stem.length - 1)) ? stem.slice(0, -1) : stem
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}
