import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, recordsOf, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'
import { readPairs } from './key-value.ts'

/** The list above the line of losses, and the epoch above that. */
export type StepListState = {
  readonly epoch: number | null
  readonly list: readonly string[]
  /** How many lines without a record stand below the list. */
  readonly linesBelow?: number
}

/** A list of the step and the learning rate, and below it a line of losses; or one list of all of them. */
export const stepLists: Format<StepListState> = {
  name: 'step-lists',
  about:
    'A list of step and learning rate and a line of losses below it, as VITS and RVC print them, or losses in a list beside or together with their step.',
  example: 'Train Epoch: 1 [0%]\n[200, 9.99e-05]\nloss_disc=2.5, loss_gen=nan, loss_mel=18.25',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (!line.includes('[') && previous?.startsWith('[') !== true) return 'no'
    if (listedIn(line) !== null) return 'sure'
    if (previous === null) return 'no'
    const isBelowEpoch = EPOCH.test(previous)
    if (isBelowEpoch && stepOf(numbersOf(line)) !== null) return 'hint'
    const isBelow = stepOf(numbersOf(previous)) !== null && isOfLosses(line)
    return isBelow || (isBelowEpoch && lossesOf(numbersOf(line)) !== null) ? 'sure' : 'no'
  },

  start: () => ({ epoch: null, list: [] }),

  parse({ text, offset }, { epoch, list, linesBelow = 0 }) {
    const numbers = numbersOf(text)
    if (stepOf(numbers) !== null) return { result: SKIP, state: { epoch, list: numbers } }
    const unnamed = lossesOf(numbers)
    const below = list.length > 0 && isOfLosses(text) ? readPairs(text) : null
    const builder = unnamed ?? below ?? listedIn(text)
    const state = { epoch: epochIn(text) ?? epoch, list: [] }
    // That a model is saved may be said in between.
    const isBetween = builder === null && list.length > 0 && linesBelow < MOST_LINES_BELOW
    if (isBetween) return { result: SKIP, state: { epoch: state.epoch, list, linesBelow: linesBelow + 1 } }
    if (builder === null) return { result: SKIP, state }
    builder.epoch ??= epoch
    const [step = '', rate = ''] = unnamed === null ? list : numbers.slice(-2)
    builder.addText('step', step)
    builder.addText('learning_rate', rate)
    const record = builder.record(offset)
    return { result: recordsOf(record === null ? [] : [record], builder.unread), state }
  },
}

const MAX_LIST_CHARS = 1024
const MOST_LINES_BELOW = 3
const MAX_NUMBERS = 64
const LOSSES = /\bloss(?:es)? ?[:=]? ?\[((?: ?[-+.\w]{1,32},){1,63} ?[-+.\w]{1,32})\]/i
const EPOCH = /^\W{0,8}(?:train(?:ing)? )?epoch ?:? ?(\d{1,9})\b/i

/** The numbers that a line consists of, in one pair of brackets, as they are written; none where it is another line. */
function numbersOf(line: string): readonly string[] {
  if (line.length > MAX_LIST_CHARS || !line.startsWith('[')) return []
  const text = line.trimEnd()
  const numbers = text.endsWith(']') ? text.slice(1, -1).split(/, ?/, MAX_NUMBERS + 1) : []
  return numbers.length <= MAX_NUMBERS && numbers.every((number) => parseNumber(number) !== null) ? numbers : []
}

/** The step of a list of a step and a learning rate; null for another list. */
function stepOf([step = '', rate = '', ...more]: readonly string[]): number | null {
  return more.length === 0 && /^\d{1,15}$/.test(step) && isRate(rate) ? Number(step) : null
}

function isRate(text: string): boolean {
  return /[.e]/.test(text) && Number(text) >= 0 && Number(text) < 1
}

/** The losses of a list that ends with a step and a learning rate; null for another list. They have no names. */
function lossesOf(numbers: readonly string[]): RecordBuilder | null {
  const losses = numbers.slice(0, -2)
  if (losses.length === 0 || stepOf(numbers.slice(-2)) === null || losses.some((text) => /^\d+$/.test(text)))
    return null
  const builder = new RecordBuilder()
  for (const [index, text] of losses.entries()) builder.addText(`loss_${index}`, text)
  return builder
}

/** What a line says that counts and has a list of losses: `losses: [2.5, nan], step: 200`. */
function listedIn(line: string): RecordBuilder | null {
  const losses = line.length > MAX_LIST_CHARS ? [] : (LOSSES.exec(line)?.[1]?.split(',') ?? [])
  if (losses.length === 0 || losses.some((text) => parseNumber(text) === null)) return null
  const builder = readPairs(line)
  if (builder.step === null && builder.epoch === null) return null
  for (const [index, text] of losses.entries()) builder.addText(`loss_${index}`, text)
  return builder
}

function isOfLosses(line: string): boolean {
  const { step, epoch, scalars } = readPairs(line)
  return step === null && epoch === null && scalars.some(({ metric }) => /loss/i.test(metric))
}

function epochIn(text: string): number | null {
  const epoch = EPOCH.exec(text)?.[1]
  return epoch === undefined ? null : Number(epoch)
}
