import {
  areDone,
  type Bounds,
  countsInRow,
  type EpochCount,
  epochsIn,
  hasNoTimeLeft,
  isComplete,
  isInLast,
  isLastStep,
  isWhole,
  NO_BOUNDS,
  type StepCount,
  totalIn,
} from './end-counts.ts'
import { isEndEvent } from './end-event.ts'
import { areOfTraining, countsIn, type Fractions, hasWholeShare, withFractions } from './fractions.ts'
import type { CountedLines } from './lines-of-read.ts'
import type { Repeats } from './repeats.ts'
import { announcesBest, type EndSignKind, signIn, signInRecord } from './sign-words.ts'

/**
 * What the logs of a run show about its end beside clear words; plain JSON.
 *
 * A line such as `model saved` stands at the end of many jobs, and after each epoch of others. So it counts only once
 * nothing more is written, and never in a run that went on after such a line before.
 */
export type EndSigns = {
  /** The sign that stands: nothing was logged since. */
  readonly sign: EndSign | null
  /** Signs after which the run went on. */
  readonly recurring: readonly EndSignKind[]
  readonly epochs: EpochCount | null
  /** Of how many steps the records last said to be one; null where they do not say, or have gone beyond it. */
  readonly total: number | null
  /** What the headings say; not there where they say nothing of it. */
  readonly bounds?: Bounds
  /** Set once a line counts epochs, be it without saying how many there are. */
  readonly hasEpochs?: true
  /** What the fractions in its lines have done. */
  readonly fractions?: Fractions
  /** The lines that repeat in a run of which no value was read. */
  readonly repeats?: Repeats
  /** Set where the newest of them counts to more than it has come to. */
  readonly isOpen?: boolean
}

type EndSign = {
  readonly kind: EndSignKind
  readonly line: string
  readonly file: string
  /** The last step by then. */
  readonly step: number | null
  readonly atMs: number
}

/** A line of a log, and whether it holds a record. */
export interface LastLine {
  readonly text: string
  readonly isRecord: boolean
  /** Whether it is known to be no sign. */
  readonly isSilent?: boolean
}

/** New lines of one file, and how far its run has come. */
export interface NewEnd {
  readonly file: string
  /** How many there are. */
  readonly count: number
  /** What they have counted. */
  readonly counted: CountedLines
  /** The last of the lines, oldest first. */
  readonly lines: readonly LastLine[]
  /** Whether any record came. */
  readonly hasRecords: boolean
  /** Whether the run has logged anything by then. */
  readonly hasTrained: boolean
  readonly steps: StepCount
  readonly nowMs: number
}

/** How far a run has come, and to what, by the lines so far. */
interface Counting {
  readonly steps: StepCount
  readonly epochs: EpochCount | null
  readonly bounds: Bounds
  readonly fractions: Fractions
}

export const NO_END_SIGNS: EndSigns = { sign: null, recurring: [], epochs: null, total: null }

/** A record of another file within this time may have been written before the sign. */
const SAME_TIME_MS = 10_000
const MOST_CHARS = 400
const INDENTED = /^\s{4}/
const MOST_KEPT_CHARS = 120

/** What comes to 100 % within training, too. */
const PART =
  /\b(?:eval\w*|valid\w*|val|test\w*|sanity|predict\w*|sampl\w*|generat(?!ion\b)\w*|infer\w*|load\w*|download\w*|fetch\w*|read\w*|map|filter|tokeni\w*|sav\w*|upload\w*)\b/i
/** The number of a step or an epoch that a line speaks of, and what is no word of its end. */
const NUMBERED = /(?:epoch|step|iter(?:ation)?)s?[\s_:=#-]{0,12}(\d{1,12})(?![\d.,]*\d)/gi
const BEGINS = /\b(?:start|begin|eval|valid|test|resum|load)/i
/** A line above what an epoch brings. */
const EPOCH_BEGINS = /^\W*(?:(?:starting|start|training|begin) )?epoch\W{0,4}\d{1,9}\s?(?:\/|of)\s?\d{1,9}\W*$/i

/** Trials that were all begun. */
const ARE_RUNNING = /\b\d+ (?:running|pending)\b/i

/** The signs after new lines. How the lines were cut into reads may show, but not in what stands at the end of a log. */
export function withEnd(
  before: EndSigns,
  { file, count, counted, lines, hasRecords, hasTrained, steps, nowMs }: NewEnd,
): EndSigns {
  let { sign, recurring } = before
  const { epochs, hasEpochs, bounds: headings } = counted
  const bounds = { ...headings, steps: isPassed(headings.steps, steps) ? null : headings.steps }
  // Lines between two reads were not looked at: what a fraction does there shows nothing.
  const known = count > lines.length ? [] : (before.fractions ?? [])
  const fractions = lines.reduce((seen, { text }) => withFractions(seen, text), known)
  const counting = { steps, epochs, bounds, fractions }
  const total = totalOf(lines, counting) ?? withinTotal(before.total, steps)
  const best = bestBelow(sign, lines, steps)
  if (sign !== null && best !== null) sign = { ...sign, line: best, step: steps.last }
  // A loss of validation may follow the last step.
  const isAtEnd = best !== null || (sign?.kind === 'count' && sign.step !== null && sign.step === steps.last)
  if (sign !== null && hasRecords && !isAtEnd && (sign.file === file || nowMs - sign.atMs > SAME_TIME_MS)) {
    if (!isOneBeforeLast(sign, before.total ?? bounds.steps, steps) && !recurring.includes(sign.kind))
      recurring = [...recurring, sign.kind]
    sign = null
  }
  for (const kind of goneBy(lines)) if (!recurring.includes(kind)) recurring = [...recurring, kind]
  if (hasGrowingTotal(lines) && !recurring.includes('count')) recurring = [...recurring, 'count']
  const found = lastSign(lines, counting)
  if (found === 'more' || (found === 'record' && !isAtEnd)) {
    if (sign?.file === file) sign = null
  } else if (found !== null && found !== 'record') {
    const isLast = !recurring.includes(found.kind) || (epochs !== null && isInLast(epochs))
    const isCut = isBeforeEnd(found.kind, { epochs, total, bounds, steps })
    sign = isLast && !isCut && hasTrained ? { ...found, file, step: steps.last, atMs: nowMs } : null
  }
  const isSame =
    sign === before.sign &&
    recurring === before.recurring &&
    epochs === before.epochs &&
    total === before.total &&
    hasEpochs === (before.hasEpochs === true) &&
    fractions.length + (before.fractions ?? []).length === 0 &&
    bounds.columns === before.bounds?.columns &&
    bounds.steps === (before.bounds ?? NO_BOUNDS).steps &&
    bounds.epochs === (before.bounds ?? NO_BOUNDS).epochs
  return isSame
    ? before
    : {
        sign,
        recurring,
        epochs,
        total,
        bounds,
        ...(hasEpochs && { hasEpochs }),
        ...(fractions.length > 0 && { fractions }),
      }
}

/**
 * Whether a run has logged all that it was to log, so that what fails now is not its training.
 *
 * That takes a count of steps or epochs. A count that is complete in each epoch tells nothing of the run.
 */
export function hasCountedOut(signs: EndSigns, steps: StepCount): boolean {
  const { sign, epochs, total, bounds, recurring, hasEpochs } = signs
  if (epochs !== null) return isInLast(epochs) && sign !== null
  const all = total ?? bounds?.steps ?? null
  const isAtLast = all !== null && steps.last !== null && isLastStep(steps.last, all, steps)
  return hasEpochs !== true && isAtLast && !recurring.includes('count')
}

/**
 * Whether the counts say that the run has not come to its last epoch or step.
 *
 * A job may stop before what its heading has named. Then its "Done." counts, and a saved model does not.
 */
function isBeforeEnd(
  kind: EndSignKind,
  { epochs, total, bounds, steps }: Pick<EndSigns, 'epochs' | 'total'> & { bounds: Bounds; steps: StepCount },
): boolean {
  const isOpenEpoch = epochs !== null && !isInLast(epochs) && (epochs.isOfHeading !== true || kind !== 'done')
  const all = total ?? (kind === 'done' || epochs !== null ? null : bounds.steps)
  return isOpenEpoch || (epochs === null && all !== null && steps.last !== null && !isLastStep(steps.last, all, steps))
}

/**
 * The sign of the newest line that tells anything; `more` where it says that the job goes on, `record` where it is a
 * record that tells nothing of that, null where no line tells.
 */
function lastSign(
  lines: readonly LastLine[],
  counting: Counting,
): { readonly kind: EndSignKind; readonly line: string } | 'more' | 'record' | null {
  const { epochs } = counting
  let isBelowCount = false
  for (const { text: whole, isRecord } of lines.toReversed()) {
    const text = whole.slice(0, MOST_CHARS).trim()
    if (text === '') continue
    const line = keptOf(text)
    const count = isEndEvent(text) ? null : countIn(text, isRecord, counting)
    const isPart = PART.test(aboveCount(text)) && (epochs === null || !isComplete(epochs))
    if (count === 'complete' && !isPart && (!isBelowCount || isAtLast(text, counting))) return { kind: 'count', line }
    if (isBelowCount && announcesBest(text)) return { kind: 'done', line }
    if (isBelowCount && !(isRecord && PART.test(text))) return 'record'
    const kind = kindOf(text, isRecord)
    // `Test set: accuracy 9912/10000` counts no steps.
    if (count !== null && kind !== 'summary') return 'more'
    // The code of a traceback is not what a job says.
    const isCode = kind === 'more' && INDENTED.test(whole)
    if (kind === 'more' && isOfLast(text, counting)) continue
    if (kind !== null && !isCode) return kind === 'more' ? 'more' : { kind, line }
    // What sums up, such as `best accuracy: 0.93`, is a sign as well. Another record may stand below the last count.
    if (isRecord) isBelowCount = true
  }
  return isBelowCount ? 'record' : null
}

/** What stands before the first count of a line, which tells what it counts; the whole line where it counts nothing. */
function aboveCount(text: string): string {
  const start = text.search(/\d+\s{0,9}\/|\d\s?%/)
  return start === -1 ? text : text.slice(0, start)
}

/** What is kept of a line that is a sign. */
export function keptOf(text: string): string {
  return text.trim().slice(0, MOST_KEPT_CHARS)
}

/** The record of the best round that was announced by the sign that stands; null where none follows it, or more than one. */
function bestBelow(sign: EndSign | null, lines: readonly LastLine[], { last }: StepCount): string | null {
  if (sign === null || !announcesBest(sign.line) || last === null || last > (sign.step ?? last)) return null
  const records = lines.filter(({ isRecord }) => isRecord)
  return records.length === 1 ? keptOf(records[0]?.text ?? '') : null
}

/** The signs among new lines that a record follows. */
function goneBy(lines: readonly LastLine[]): readonly EndSignKind[] {
  const lastRecord = lines.findLastIndex(({ isRecord }) => isRecord)
  return lines.slice(0, Math.max(0, lastRecord)).flatMap(({ text, isRecord, isSilent = false }) => {
    if (isSilent) return []
    const kind = kindOf(text.slice(0, MOST_CHARS).trim(), isRecord)
    return kind === null || kind === 'more' || announcesBest(text) ? [] : [kind]
  })
}

/** Whether what the records call a total grows with them, as `train steps: 700` does: it counts the steps, and is always complete. */
function hasGrowingTotal(lines: readonly LastLine[]): boolean {
  const totals = lines.flatMap(({ text, isRecord }) => (isRecord ? (totalIn(text) ?? []) : []))
  return totals.some((total, index) => total > (totals[index - 1] ?? total))
}

/**
 * Whether the sign came with the last step but one.
 *
 * A loop from 0 may log its last step one stride before its bound, or nearer to it, or at it.
 */
function isOneBeforeLast({ kind, step }: EndSign, all: number | null, steps: StepCount): boolean {
  const { last } = steps
  if (all === null || step === null || last === null || step >= Math.min(last, all) || last > all) return false
  return kind === 'count' || isLastStep(step, all, steps)
}

/** Whether a count in the text is that of the last step, or epoch. */
function isAtLast(text: string, { steps, epochs, bounds, fractions }: Counting): boolean {
  const epoch = epochs === null ? null : epochsIn(text, bounds)
  return (
    countsIn(text, fractions).some(({ done }) => done === steps.last) || (epoch !== null && epoch.done === epochs?.done)
  )
}

/** Whether a line that says that more is to come speaks of the last step or epoch only: `Epoch 30 finished`, below `Epoch 30/30`. */
function isOfLast(text: string, { steps, epochs }: Counting): boolean {
  const numbers = [...text.matchAll(NUMBERED)].map(([, number]) => Number(number))
  return numbers.length > 0 && !BEGINS.test(text) && numbers.every((n) => n === steps.last || n === epochs?.done)
}

/** Whether the line of a record may be a sign that its run is over. */
export function isSignInRecord(line: string): boolean {
  return kindOf(line.slice(0, MOST_CHARS).trim(), true) !== null
}

/** What a line says about the end; null where it says nothing about it. */
function kindOf(text: string, isRecord: boolean): EndSignKind | 'more' | null {
  const known = isRecord ? KNOWN_RECORDS : KNOWN_LINES
  const before = known.get(text)
  if (before !== undefined) return before
  const kind = isEndEvent(text) ? 'done' : isRecord ? signInRecord(text) : signIn(text)
  if (known.size === MOST_KNOWN) known.clear()
  known.set(text, kind)
  return kind
}

/** The newest lines are asked about again and again, and to tell what one says takes long. */
const KNOWN_RECORDS = new Map<string, EndSignKind | 'more' | null>()
const KNOWN_LINES = new Map<string, EndSignKind | 'more' | null>()
const MOST_KNOWN = 256

/** Whether each count of a line, such as `3000/3000` or `100%`, has come to its end; null where the line holds none. */
function countIn(
  text: string,
  isRecord: boolean,
  { steps, epochs, bounds, fractions }: Counting,
): 'complete' | 'open' | null {
  if (EPOCH_BEGINS.test(text) || ARE_RUNNING.test(text)) return 'open'
  const counts = countsIn(text, fractions)
  if (isRecord) counts.push(...countsInRow(text, bounds))
  const total = isRecord ? totalIn(text) : null
  if (total !== null && steps.last !== null) counts.push({ done: steps.last, all: total })
  const epoch = isRecord && epochs !== null ? epochsIn(text, bounds) : null
  if (counts.length === 0) {
    if (isRecord && (hasNoTimeLeft(text) || isWhole(text)) && steps.last !== steps.first) return 'complete'
    if (hasWholeShare(text, isRecord)) return 'complete'
    const isLast = isRecord && steps.last !== null && bounds.steps !== null && steps.stride > 0
    if (isLast && isLastStep(steps.last, bounds.steps, steps)) return 'complete'
    return epoch !== null && epoch.done === epochs?.done && isComplete(epochs) ? 'complete' : null
  }
  if (epoch !== null && epochs !== null && isInLast(epochs) && !isComplete(epochs)) return 'open'
  if (!areDone(counts, text, steps)) return 'open'
  const bound = [bounds.steps, bounds.epochs, epochs?.all, steps.last]
  const isOfRun = isRecord || counts.some(({ all }) => bound.includes(all)) || areOfTraining(text, fractions)
  return isOfRun ? 'complete' : null
}

/** Of how many steps the newest record that counts the last step says it to be one. */
function totalOf(lines: readonly LastLine[], { steps, bounds, fractions }: Counting): number | null {
  for (const { text, isRecord } of lines.toReversed()) {
    if (!isRecord) continue
    const counts = [...countsInRow(text, bounds), ...countsIn(text, fractions)]
    const count = totalIn(text) ?? counts.find(({ done }) => done === steps.last)?.all
    if (count !== undefined) return count
  }
  return null
}

/** Whether the steps have gone beyond a bound: then it was one of something else. */
function isPassed(bound: number | null, { last }: StepCount): boolean {
  return bound !== null && last !== null && last > bound
}

/** The total that another file of the run has named, as long as its steps have not gone beyond it. */
function withinTotal(total: number | null, { last }: StepCount): number | null {
  return total !== null && last !== null && last <= total ? total : null
}
