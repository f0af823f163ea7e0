import type { Count } from './fractions.ts'

/** The steps of a run's records: the first one, the last one, and the distance of the last two. */
export interface StepCount {
  readonly first: number | null
  readonly last: number | null
  readonly stride: number
}

/** The columns of a table that say how far it is, and to how many: `epoch,epochs,loss`. */
type CountColumns = {
  readonly separator: string
  readonly pairs: readonly { readonly done: number; readonly all: number }[]
}

/** To how many steps and epochs a run is to come, as its heading or the records themselves say. Plain JSON. */
export type Bounds = {
  readonly steps: number | null
  readonly epochs: number | null
  readonly columns?: CountColumns
}

/** The newest count of epochs; plain JSON. */
export type EpochCount = {
  /** Where the count began: at 0 or at 1. */
  readonly first: number
  readonly done: number
  readonly all: number
  /** How many lines have counted this epoch, and how many the one before. A memory of an older version does not say. */
  readonly lines?: number
  readonly linesBefore?: number
  /** Set where only a heading says how many there are: training may stop before, and the job may say so. */
  readonly isOfHeading?: true
}

export const NO_BOUNDS: Bounds = { steps: null, epochs: null }

const MOST_CHARS = 400
/** A bar such as that of tqdm: `12%|█▎        | 3/25`. */
const BAR = /\d%\s?\|/
const NAME = '(?<![a-z])(?:max|maximum|total|num|number of|n|train|target)'
const SEPARATOR = `["']?\\s{0,30}[:=]\\s{0,8}`
const NUMBER = '(\\d{1,12}|\\d{1,3}(?:,\\d{3}){1,3})(?![\\d.]*[\\d%e]|[mun]?s\\b)'
const STEPS = '(?:steps?|iters?|iterations?|updates?|timesteps?)'
/** The number of one step: `train step: 700`. */
const ONE_STEP = `(?!train(?:ing)?[_ -]?(?:step|iter|iteration|update)\\b)`
const TOTAL_STEPS = new RegExp(
  `${ONE_STEP}${NAME}[_ -]?(?:train(?:ing)?[_ -]?|optimi[sz]ation[_ -]?|env[_ -]?|global[_ -]?)?${STEPS}${SEPARATOR}${NUMBER}|\\b(?:total|of(?="))${SEPARATOR}${NUMBER}`,
  'i',
)
const HEADING_STEPS = new RegExp(`(?:^|[\\s>|])(?:training|train) for ${NUMBER} ${STEPS}\\b`, 'i')
const TOTAL_EPOCHS = new RegExp(
  `(?:${NAME}[_ -]?(?:train(?:ing)?[_ -]?)?epochs?|(?<!\\b(?:warm-?up|patience|eval|save|decay|freeze|frozen|early stop\\w*)[ _-]?)(?<![\\w.-])epochs)${SEPARATOR}${NUMBER}`,
  'i',
)
const HEADING_EPOCHS = new RegExp(`(?:^|[\\s>|])(?:training|train|running) (?:for )?${NUMBER} epochs\\b`, 'i')
const EPOCH_NAME = '(?<![a-z])(?:epoch(?:s|en?)?|épo(?:que|ca)s?|epoca|эпох[а-я]?)'
const COUNTED_EPOCHS = new RegExp(
  `${EPOCH_NAME}(?:\\(\\w{1,8}\\))?["']?\\s{0,3}[:=[(#]{0,2}\\s{0,3}(\\d{1,9})\\s{0,9}(?:/|(?:out )?of|von|из|sur|de|di|su)\\s{0,9}(\\d{1,9})`,
  'i',
)
const EPOCH = /\bepoch(?:\(\w{1,8}\))?["']?\s{0,3}[:=[(#]{0,2}\s{0,3}(\d{1,9})(?![\d.]*\d)/i
/** What stands in each name of an epoch. */
const OF_EPOCH = /po(?:ch|que|ca)|POCH|поха/
/** How much is done, as a share of all, by which the fields of records tell it. */
const SHARE =
  /(?<![a-z] )["']?\b(?:(progress|frac(?:tion)?(?:[_ ](?:done|complete))?|completion)|(?:progress[_ ])?(?:percent(?:age)?|pct)(?:[_ ](?:done|complete))?)["']?\s{0,2}[:=]\s{0,2}["']?(\d{1,3}(?:\.\d{1,9})?)(?![\d/])/i
const TOTAL_NAME =
  /^(?:(?:max|maximum|total|num|number_of|n|target)[_ -]?(?:train(?:ing)?[_ -]?)?(?:steps?|iters?|iterations?|updates?|epochs?)|epochs)$/i
const STEP_NAME = /^(?:(?:global|train)[_ -]?)?(?:steps?|iters?|iterations?|updates?)$/i
const EPOCH_COLUMN = /^epoch$/i

/** Whether a line counts epochs, be it without saying how many there are. */
export function countsEpochs(line: string): boolean {
  return OF_EPOCH.test(line) && EPOCH.test(line.slice(0, MOST_CHARS))
}

/** Whether a line counts epochs by itself, or would below a heading that says how many there are. */
export function mayCountEpochs(line: string): boolean {
  const text = line.slice(0, MOST_CHARS)
  return OF_EPOCH.test(line) && (COUNTED_EPOCHS.test(text) || EPOCH.test(text))
}

/** The bounds after a line of a heading: `max_iters = 600`, `Namespace(epochs=3)`, `Training for 3 epochs`. Of two that differ the larger counts: no end is told too early. */
export function withBounds(known: Bounds, line: string): Bounds {
  if (!/step|iter|epoch|update/i.test(line)) return known
  const text = line.slice(0, 16 * MOST_CHARS)
  const columns = countColumnsIn(text)
  if (columns !== null) return { ...known, columns }
  const steps = numberIn(TOTAL_STEPS, text) ?? numberIn(HEADING_STEPS, text)
  const epochs = numberIn(TOTAL_EPOCHS, text) ?? numberIn(HEADING_EPOCHS, text)
  return steps === null && epochs === null
    ? known
    : { ...known, steps: largest(known.steps, steps), epochs: largest(known.epochs, epochs) }
}

/** The count of epochs after a line of the log. */
export function withEpochs(known: EpochCount | null, bounds: Bounds, line: string): EpochCount | null {
  if (!OF_EPOCH.test(line)) return known
  const found = epochsIn(line, bounds)
  if (found === null || found.done > found.all) return known
  const { done, all } = found
  if (known?.done === done && known.all === all) return { ...known, lines: (known.lines ?? 0) + 1 }
  const isSame = known !== null && known.all === all && done >= known.done
  const linesBefore = isSame ? (known.lines ?? 0) : 0
  return { ...found, first: isSame ? known.first : done, lines: 1, linesBefore }
}

/** Whether the last epoch is reached. Epochs that are counted from 0 end one before their number. */
export function isInLast({ first, done, all }: EpochCount): boolean {
  return done === all || (first === 0 && done === all - 1)
}

/** Whether the last epoch is reached and as much of it is logged as of the one before. */
export function isComplete(epochs: EpochCount): boolean {
  const { lines = 1, linesBefore = 0 } = epochs
  return isInLast(epochs) && lines >= linesBefore
}

/** The epoch that a line counts, and of how many; null where it counts none. */
export function epochsIn(line: string, bounds: Bounds): Pick<EpochCount, 'done' | 'all' | 'isOfHeading'> | null {
  const text = line.slice(0, MOST_CHARS)
  const counted = COUNTED_EPOCHS.exec(text)
  if (counted !== null) return { done: Number(counted[1]), all: Number(counted[2]) }
  const epoch = EPOCH.exec(text)
  if (epoch === null) return null
  const done = Number(epoch[1])
  const all = numberIn(TOTAL_EPOCHS, text)
  if (all !== null) return { done, all }
  return bounds.epochs === null ? null : { done, all: bounds.epochs, isOfHeading: true }
}

/** Whether a record says that no second is left, as those of Detectron2 and CatBoost do. */
export function hasNoTimeLeft(record: string): boolean {
  return /"eta_seconds": 0(?:\.0)?[,}]|\bremaining: 0[mu]?s\b/.test(record)
}

/** Of how many steps a record says to be one. */
export function totalIn(record: string): number | null {
  return numberIn(TOTAL_STEPS, record.slice(0, MOST_CHARS))
}

/** Whether a loop that logs every `stride` steps logs no later one: it ends at `all`, or where it began at 0 one before. */
export function isLastStep(done: number, all: number, { first, stride }: StepCount): boolean {
  if (done >= all) return done === all
  return stride > 0 && done + stride > (first === 0 ? all - 1 : all)
}

/** The columns of a table that count, as its heading names them; null where it has none, or is no heading. */
function countColumnsIn(heading: string): CountColumns | null {
  const separator = [',', '\t', ';'].find((each) => heading.includes(each))
  if (separator === undefined || /\d/.test(heading)) return null
  const names = heading.split(separator).map((name) => name.trim().replace(/^["']|["']$/g, ''))
  const pairs = names.flatMap((name, all) => {
    if (!TOTAL_NAME.test(name)) return []
    const done = names.findIndex((each) => (/epoch/i.test(name) ? EPOCH_COLUMN : STEP_NAME).test(each))
    return done === -1 ? [] : [{ done, all }]
  })
  return pairs.length === 0 ? null : { separator, pairs }
}

/** What a row of a table counts. */
export function countsInRow(row: string, { columns }: Bounds): Count[] {
  if (columns === undefined) return []
  const cells = row.split(columns.separator).map((cell) => cell.trim())
  return columns.pairs.flatMap(({ done, all }) => {
    const [count = '', bound = ''] = [cells[done], cells[all]]
    return /^\d{1,12}$/.test(count) && /^\d{1,12}$/.test(bound) ? [{ done: Number(count), all: Number(bound) }] : []
  })
}

/** Whether a field of a record says that all is done: `"progress": 1.0`, `"percent": 100`. */
export function isWhole(record: string): boolean {
  const [, fraction, share = '0'] = SHARE.exec(record.slice(0, MOST_CHARS)) ?? []
  return Number(share) === 100 || (fraction !== undefined && Number(share) === 1)
}

/** Whether each count of a line has come to its end. A bar counts what is done, be its first frame at 0. */
export function areDone(counts: readonly Count[], text: string, steps: StepCount): boolean {
  const isLast = ({ done, all }: Count) => !BAR.test(text) && done === steps.last && isLastStep(done, all, steps)
  return counts.every((count) => count.done === count.all || isLast(count))
}

function largest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

function numberIn(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)
  const digits = found?.slice(1).find((group) => group !== undefined)
  return digits === undefined ? null : Number(digits.replaceAll(',', ''))
}
