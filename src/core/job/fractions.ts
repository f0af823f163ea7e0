/** What a line says to be done, and of how much. */
export interface Count {
  readonly done: number
  readonly all: number
}

/** What the fractions in lines of one shape have done so far, the newest shape last; plain JSON. */
export type Fractions = readonly FractionsOfShape[]

type FractionsOfShape = {
  /** What stands before the first of them, but for its digits, and how many there are. */
  readonly shape: string
  readonly each: readonly Fraction[]
}

type Fraction = {
  readonly first: number
  readonly last: number
  readonly all: number
  readonly stride: number
  /** Whether it may count steps or epochs, as far as its numbers tell. */
  readonly isCount: boolean
}

/** A count as it stands in a line. */
type FoundCount = Count & {
  /** Whether its name, or its unit, says that it measures something: `mem 10/24`, `52/64 hits`. */
  readonly isQuantity: boolean
}

const MOST_CHARS = 400
const MOST_SHAPES = 3
const MOST_NAME_CHARS = 24
const MOST_SHAPE_CHARS = 40
const NUMBER = '(\\d{1,3}(?:,\\d{3}){1,3}(?!\\d)|\\d{1,12})'
const PASS = '(?:轮次?|輪|步|次|回合|代|个?epochs?|エポック|ステップ|에[폭포]크?|스텝|단계)'
const COUNT = new RegExp(
  `(?<![\\d./,-]|/\\s{1,12})${NUMBER}(?:\\s{0,9}/\\s{0,12}共?|\\s(?:out\\s)?of\\s{1,12}|\\s(?:von|из|sur|de|di|su)\\s{1,12})${NUMBER}(?![\\d./-]|,\\d)`,
  'gi',
)
/** `第 3 轮（共 30 轮）`, `エポック 3（全30エポック）`, `에폭 3 (총 30)` */
const COUNT_OF_ALL = new RegExp(
  `(?<![\\d./,-])${NUMBER}\\s?${PASS}?(?:目|번째)?[\\s（(/，、,]{0,3}(?:共|全|总共|總共|총)\\s?${NUMBER}(?![\\d./-])`,
  'gi',
)
/** `共 30 轮，第 3 轮`, `全30エポック中3エポック`, `총 30 에폭 중 3` */
const ALL_BEFORE_COUNT = new RegExp(
  `(?<![\\d./,-])${NUMBER}\\s?${PASS}\\s?(?:中|중|[，,、]?\\s?第)[の\\s]{0,2}第?\\s?${NUMBER}(?![\\d./-])`,
  'gi',
)
/** What is measured, or names a process, and does not count towards an end. */
const QUANTITY =
  /(?:\b|_)(?:(?:v|g)?(?:pu|ram)|mem\w*|cuda|device|disk|swap|util\w*|acc\w*|correct\w*|top[-_ ]?\d|hits?|wins?|won|score|precision|recall|match\w*|seen|right|solved|success\w*|patience|counter|wait|bad|rank|node|world|worker|process|proc|warm-?up|warm[ _]up|host|local_rank|pid|bsz|batch[-_ ]?size|temp|grad_accum|accum\w*|micro\w*)[\s:=#(["']{0,4}$/i
const UNIT =
  /^\s?(?:[kmgt]i?b\b|g\b|m\b|b\b|tok\/|it\/|w\b|°|hits?\b|correct|right|wins?\b|solved|passed|gpus?\b|ranks?\b|nodes?\b|workers?\b|\)?\s?correct)/i

/** What counts towards the end of a training, by its name or its unit. */
const OF_PASSES =
  /(?:\b(?:epochs?|steps?|it(?:er(?:ation)?)?s?|updates?|rounds?|generations?|episodes?|progress|train\w*|fit\w*|total)|epo(?:che|ca)n?|époque|época|эпох\p{L}*|обучен\p{L}*|прогресс|шаг\p{L}*|schritte?|étapes?|pasos?|entrena\p{L}*|entra[iî]n\p{L}*|[轮輪步次代]|训练|訓練|进度|エポック|ステップ|学習|進捗|에[폭포]크?|스텝|학습|진행\p{L}*)[\s:=#([|-]{0,4}$/iu
const PASSES_BEHIND =
  /^\W{0,2}(?:epochs?|steps?|it(?:er(?:ation)?)?s?|updates?|rounds?|[轮輪步次]|エポック|ステップ|에[폭포]크?)(?![\p{L}])/iu
/** What no share of 100 % can stand before, if it is one of the training: `100% of shard read`. */
const SHARE_OF_OTHER = /^[\s\])]{0,3}(?!(?:done|complete|finished|trained|完|fertig|termin|заверш|готов)\p{L}*)\p{L}/iu
/** What a logger puts before it, with the last letter of a time in UTC. */
const LOGGER = /^(?:info|debug|main|trainer|done|completed?|finished|z)$/i
const HUNDRED = /(?<![\d.])100(?:\.0{1,4})? ?%/
const COUNT_AT = /^[\d,]+\s{0,9}(?:\/|(?:out )?of)\s{0,12}[\d,]+/
/** A bar before its count: `100%|####| 20/20`. */
const BAR_BEFORE = /\d{1,3}(?:\.\d+)?\s?%\s?\|.*$/
const NAME_BEFORE = /(\p{L}[\p{L} _]{0,40})[\s:=([|-]{0,4}$/u

/** Whether the fractions of a line have risen to where they are, or are named as those of a training. */
export function areOfTraining(line: string, known: Fractions): boolean {
  const text = line.slice(0, MOST_CHARS)
  const found = fractionsIn(text)
  const before = known.find(({ shape }) => shape === shapeOf(text, found.length))
  return found.some(({ at, isQuantity }, i) => {
    const { first = 0, last = 0 } = before?.each[i] ?? {}
    const head = text.slice(0, at)
    const behind = text.slice(at).replace(COUNT_AT, '')
    const isNamed = isNameOfTraining(head.replace(BAR_BEFORE, '')) && !SHARE_OF_OTHER.test(behind)
    return !isQuantity && (last > first || isNamed || PASSES_BEHIND.test(behind))
  })
}

/** Whether a line tells of 100 % that it is a share of the training. In a record it may have any name, but for what is measured: `acc 100%`. */
export function hasWholeShare(line: string, isRecord: boolean): boolean {
  const at = line.search(HUNDRED)
  if (at === -1) return false
  const head = line.slice(0, at)
  if (isRecord) return !QUANTITY.test(head.slice(-MOST_NAME_CHARS))
  return isNameOfTraining(head) && !SHARE_OF_OTHER.test(line.slice(at).replace(HUNDRED, ''))
}

function isNameOfTraining(head: string): boolean {
  const name = NAME_BEFORE.exec(head)?.[1]
  return name === undefined || OF_PASSES.test(head) || LOGGER.test(name)
}

/** What is remembered of the fractions after a line. */
export function withFractions(known: Fractions, line: string): Fractions {
  const found = fractionsIn(line)
  if (found.length === 0) return known
  const shape = shapeOf(line, found.length)
  const before = known.find((each) => each.shape === shape)
  const each = found.map((fraction, i) => after(before?.each[i], fraction))
  return [...known.filter((other) => other !== before).slice(1 - MOST_SHAPES), { shape, each }]
}

/**
 * The counts of a line, such as `3/10`, `3 of 10` and `第 3 轮（共 10 轮）`.
 *
 * A fraction that measures something is none, nor one that did not count in the lines before while another did. Lines of several
 * ranks may be mixed, so that none seems to count.
 */
export function countsIn(line: string, known: Fractions = []): Count[] {
  const found = fractionsIn(line)
  const shape = known.length === 0 ? undefined : shapeOf(line, found.length)
  const before = known.find((each) => each.shape === shape)
  const counts = found.filter(({ isQuantity }, i) => !isQuantity && before?.each[i]?.isCount !== false)
  return counts.length > 0 ? counts : found.filter(({ isQuantity }) => !isQuantity)
}

function fractionsIn(line: string): (FoundCount & { readonly at: number })[] {
  const text = line.slice(0, MOST_CHARS)
  const found = [
    ...[...text.matchAll(COUNT)].map((match) => fractionOf(text, match, match[1], match[2])),
    ...[...text.matchAll(COUNT_OF_ALL)].map((match) => fractionOf(text, match, match[1], match[2])),
    ...[...text.matchAll(ALL_BEFORE_COUNT)].map((match) => fractionOf(text, match, match[2], match[1])),
  ]
  return found.filter(({ at }, i) => found.findIndex((other) => other.at === at) === i).sort((a, b) => a.at - b.at)
}

function fractionOf(text: string, match: RegExpExecArray, done = '', all = ''): FoundCount & { readonly at: number } {
  const before = text.slice(Math.max(0, match.index - MOST_NAME_CHARS), match.index)
  const behind = text.slice(match.index + match[0].length, match.index + match[0].length + 12)
  const isQuantity = QUANTITY.test(before) || UNIT.test(behind)
  return { done: numberOf(done), all: numberOf(all), isQuantity, at: match.index }
}

function numberOf(digits: string): number {
  return Number(digits.replaceAll(',', ''))
}

function shapeOf(line: string, count: number): string {
  const start = line.search(COUNT)
  const head = line.slice(0, start === -1 ? MOST_SHAPE_CHARS : start).replace(BAR_BEFORE, '')
  return `${count} ${head.replace(/[\d\s]+/g, '').slice(-MOST_SHAPE_CHARS)}`
}

/** A count rises to its bound, and begins again then at most. Its bound may only change there. */
function after(before: Fraction | undefined, { done, all }: Count): Fraction {
  if (before === undefined) return { first: done, last: done, all, stride: 0, isCount: true }
  const { first, last, stride } = before
  const isRestart = done < last && done <= Math.max(first, 1) && last + Math.max(stride, 1) >= before.all - 1
  const isSteady = all === before.all && done >= last
  return {
    first: Math.min(first, done),
    last: done,
    all,
    stride: done > last ? done - last : stride,
    isCount: before.isCount && (isSteady || isRestart),
  }
}
