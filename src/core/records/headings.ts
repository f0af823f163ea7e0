import { fieldOf, phaseOf } from './fields.ts'

/** What a heading has said of the lines below it; plain JSON. */
export type Below = {
  /** The epoch of the lines below, where they tell none themselves. */
  readonly epoch: number | null
  /** The held-out set that the next line speaks of, by the heading's own word; '' for none. */
  readonly phase: string
  /** Whether it speaks of what is done below, and not of the next line only: `Validating…`. */
  readonly stays: boolean
}

export const NO_HEADING: Below = { epoch: null, phase: '', stays: false }

const MAX_HEADING_CHARS = 120
/** What may stand before the word, behind the mark of a logger: `Starting epoch 3`, `-- Epoch 3`. */
const LEAD = /^[^A-Za-z0-9]*(?:(?:start|starting|begin|beginning|running|training|train) )?$/i
const EPOCH = /^([\s#:=[(]{0,16})(\d{1,9})(?: ?(?:\/|of|out of) ?(\d{1,9}))?[^A-Za-z0-9]*$/i
/** Words that a heading may have beside that of its phase: `Start of validation`, `Test results at epoch 4:`. */
const BESIDE =
  /^(?:start|starting|started|begin|beginning|begins|run|running|now|doing|performing|of|the|on|at|for|with|in|set|data|dataset|phase|stage|mode|loop|results?|net|network|model|epoch|ep|step|iter|iteration)$/i
const DOING = /^(?:validat|evaluat)(?:e|ing)$/i
const OVER =
  /^(?:finish|finished|finishes|done|complete|completed|end|ended|ends|over|took|skip|skipped|skipping|no|not)$/i
const COUNTED = /\b(?:epoch|ep|step|iter|iteration)[^\p{L}\d]{0,3}\d{1,9}(?: ?\/ ?\d{1,9})?/giu
const MAX_HEADING_WORDS = 12
/** `第 3 轮训练开始`. */
const ORDINAL = /^[^\p{L}\d]{0,40}第 ?(\d{1,9})(?: ?\/ ?\d{1,9})? ?个? ?(轮|輪|epoch|エポック)[^\d:=：]*$/iu
const PHASE = /^\s*([A-Za-z]{1,16})(?: [A-Za-z]{1,16}){0,2} ?: *$/

/**
 * What a line says of those below it, where it is a heading and nothing else.
 *
 * `Epoch 3/10` counts for all lines down to the next heading, `Test Error:` for the next line, `Validating…` for those
 * of its values.
 */
export function headingOf(line: string, { epoch }: Pick<Below, 'epoch'> = NO_HEADING): Below | null {
  if (line.length > MAX_HEADING_CHARS) return null
  const counted = epochOf(line, (number) => number === (epoch ?? Infinity) + 1)
  if (counted !== null) return { epoch: counted, phase: '', stays: false }
  const phase = PHASE.exec(line)?.[1]
  if (phase !== undefined && phaseOf(phase) === 'validation') return { epoch, phase, stays: false }
  const doing = doneBelow(line)
  return doing === null ? null : { epoch, phase: doing, stays: doing !== '' }
}

/** Whether a line may be a heading that counts an epoch, whatever stands above it. */
export function mayHeadEpoch(line: string): boolean {
  return line.length <= MAX_HEADING_CHARS && epochOf(line, () => true) !== null
}

/** The word for what is done below a line that has no other words, or says `Validating …`; '' for training, or an end. */
function doneBelow(line: string): string | null {
  // `evaluate(model)` is source code, as a traceback shows it.
  if (/[%|={]|\w\(/.test(line)) return null
  const words = line.match(/\p{L}+/gu) ?? []
  const [told] = words.filter((word) => phaseOf(word) !== null)
  if (told === undefined || words.length > MAX_HEADING_WORDS) return null
  const phases = new Set(words.map(phaseOf))
  if (phases.has('training') && phases.has('validation')) return null
  const isPlain = words.every((word) => BESIDE.test(word) || OVER.test(word) || phaseOf(word) !== null)
  if (isPlain && words.some((word) => OVER.test(word))) return ''
  const isDoing = words.slice(0, 3).some((word) => DOING.test(word)) && !words.some((word) => OVER.test(word))
  if (!isDoing && !(isPlain && !/\d/.test(line.replace(COUNTED, '')))) return null
  return phases.has('validation') ? told : ''
}

function epochOf(line: string, isNext: (epoch: number) => boolean): number | null {
  const ordinal = ORDINAL.exec(line)
  if (ordinal !== null) return fieldOf(ordinal[2]!).kind === 'epoch' ? Number(ordinal[1]) : null
  const word = wordOfEpoch(line)
  if (word === null) return null
  const before = line.slice(0, word.start)
  const lead = before.slice(Math.max(...[':', '|', '-', ']'].map((mark) => before.lastIndexOf(mark))) + 1)
  const found = LEAD.test(lead) ? EPOCH.exec(line.slice(word.end)) : null
  if (found === null) return null
  const epoch = Number(found[2])
  // `epoch: 100` is also how settings are printed.
  const mayBeSetting = /[:=\t]| {2}/.test(found[1]!) && found[3] === undefined
  return mayBeSetting && epoch > 1 && !isNext(epoch) ? null : epoch
}

function wordOfEpoch(line: string): { readonly start: number; readonly end: number } | null {
  for (const { 0: word, index } of line.matchAll(/\p{L}+/gu)) {
    if (word.length > 2 && fieldOf(word).kind === 'epoch') return { start: index, end: index + word.length }
  }
  return null
}
