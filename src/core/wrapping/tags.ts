/** What may name the rank or the process that wrote a line, and may be a step of it as well. */
export interface Tag {
  /** Its form, with the name but for the number: lines of one form belong together. */
  readonly form: string
  readonly name: string
  /** The number, where it is nothing but that. */
  readonly number: number | null
  /** Whether what follows is parted from it by more than a blank. */
  readonly isMarked: boolean
  readonly end: number
}

/** `0: ` of `srun -l`, `[0]: `, `[0] ` of MPICH, `[4242] `, `0|`, `(2/8) `. */
const NUMBERS: readonly (readonly [string, RegExp])[] = [
  ['N: ', /(\d{1,7}): /y],
  ['[N]: ', /\[(\d{1,7})\]: /y],
  ['[N] ', /\[(\d{1,7})\] /y],
  ['[N/M] ', /\[(\d{1,4})\/\d{1,4}\] /y],
  ['(N) ', /\((\d{1,4})\) /y],
  ['(N/M) ', /\((\d{1,4})\/\d{1,4}\) /y],
  ['N|', /(\d{1,4})\| ?/y],
]
const HOST = /([A-Za-z][\w.-]{0,60}): (\d{1,4}): /y
/** `[gpu3] `, `[worker-3] `, `[n0:3] `, and with a blank where the word can be nothing else. */
const BRACKETED =
  /\[([A-Za-z][A-Za-z_.-]{0,40}(?:\d{1,6}[A-Za-z_.:-]{1,20}){0,4}|(?:worker|process|proc|gpu|cuda|node|trainer|learner|replica)[ :])(\d{1,6})(?:\/\d{1,5})?\](?::? |:)/iy
const TWO_BRACKETS = /\[([A-Za-z][A-Za-z_.-]{0,40})(\d{1,6})\] ?\[([A-Za-z][A-Za-z_.-]{0,40})(\d{1,6})\](?::? |:)/y
/** `Worker 3: `, `GPU 3 | `, `cuda:3 | `. */
const SPACED = /((?:worker|process|proc|gpu|cuda|device|node|trainer|learner|replica)[ :])(\d{1,6})(: |\s{0,20}\| )/iy
/** What a process may be called by, with its number behind it. */
const ROLES =
  '(?:worker|process|proc|gpu|cuda|device|node|trainer|learner|replica|actor|rollout|task|ps|server|chief|evaluator|main)'
/** `trainer/1 `, `worker:1 `. */
const OF_ROLE = new RegExp(String.raw`(${ROLES}[/:])(\d{1,6}) `, 'iy')
/** `(proc 1) `. */
const IN_PARENTHESES = new RegExp(String.raw`\((${ROLES}[ :#-]?)(\d{1,6})\):? `, 'iy')
/** `worker1.cluster.local: `. */
const DOMAIN = /([A-Za-z][A-Za-z_-]{0,40})(\d{1,6})((?:\.[A-Za-z][A-Za-z-]{0,30}){1,4}): /y
/** `node1: `, `worker-0 | `, `trainer-1  | `, `pod-0 `. */
const NAME = /([A-Za-z][A-Za-z_.-]{0,40}(?:\d{1,6}[A-Za-z_.-]{1,20}){0,4})(\d{1,6})(: |\s{0,20}\| | )/y
/** A name that counts, or that says what the line is about. */
const OF_TRAINING =
  /^(?:global[_-]?)?(?:steps?|iters?|iterations?|epochs?|ep|batch|round|episode|it|update|train|val|valid|eval|test|dev|top|acc|loss|layer|lr|fold|stage|phase|level|best|version|group|param|task|class|label|section|part|chapter|page|figure|table|level|block|head|l|v|x|k|p|e|s|i|at|in|of|for|with|and|to|to-|after|before|until)[_.-]?$/i

/** The same as the last word of a name, as in `nnet.iter12` and `epoch001_iter00020`. */
const COUNTS =
  /(?:^|[^a-z])(?:steps?|iters?|iterations?|epochs?|ep|batch|round|episode|update|fold|layer|block|stage|phase|level|checkpoint|ckpt)[\d_.:-]*$/i

/** The tag at a place of a line; null where there is none. `known` are the forms that are tags in its file. */
export function tagAt(line: string, at: number, known: readonly string[]): Tag | null {
  const code = line.charCodeAt(at)
  if (code === 0x5b) return numberAt(line, at) ?? bracketedAt(line, at)
  if (code === 0x28) return numberAt(line, at) ?? roleAt(line, at, IN_PARENTHESES)
  if (code >= 0x30 && code <= 0x39) return numberAt(line, at)
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) ? nameAt(line, at, known) : null
}

function numberAt(line: string, at: number): Tag | null {
  for (const [form, pattern] of NUMBERS) {
    pattern.lastIndex = at
    const number = pattern.exec(line)?.[1]
    if (number !== undefined)
      return { form, name: number, number: Number(number), isMarked: true, end: pattern.lastIndex }
  }
  return null
}

/** The role and the number of a process: `(proc 1) `, `trainer/1 `. */
function roleAt(line: string, at: number, pattern: RegExp): Tag | null {
  pattern.lastIndex = at
  const [all, stem, number] = pattern.exec(line) ?? []
  if (all === undefined) return null
  const form = pattern === IN_PARENTHESES ? `(${stem}#)` : `${stem}#`
  return { form, name: `${stem}${number}`, number: null, isMarked: true, end: pattern.lastIndex }
}

/** A machine by its whole name: `worker1.cluster.local: `. */
function domainAt(line: string, at: number): Tag | null {
  DOMAIN.lastIndex = at
  const [, stem, number, domain] = DOMAIN.exec(line) ?? []
  if (stem === undefined || isOfTraining(stem)) return null
  const name = `${stem}${number}`
  return { form: `${stem}#${domain}:`, name, number: null, isMarked: true, end: DOMAIN.lastIndex }
}

function bracketedAt(line: string, at: number): Tag | null {
  return twoBracketsAt(line, at) ?? oneBracketAt(line, at)
}

/** A machine and what of it: `[node3][gpu2] `. */
function twoBracketsAt(line: string, at: number): Tag | null {
  TWO_BRACKETS.lastIndex = at
  const [, stem, number, inner, index] = TWO_BRACKETS.exec(line) ?? []
  if (stem === undefined || inner === undefined || isOfTraining(stem) || isOfTraining(inner)) return null
  // A rank has a form of its own.
  if (/rank$/i.test(inner)) return null
  const name = `${stem}${number}/${inner}${index}`
  return { form: `[${stem}#][${inner}#]`, name, number: null, isMarked: true, end: TWO_BRACKETS.lastIndex }
}

function oneBracketAt(line: string, at: number): Tag | null {
  BRACKETED.lastIndex = at
  const [, stem, number] = BRACKETED.exec(line) ?? []
  if (stem === undefined || isOfTraining(stem)) return null
  return { form: `[${stem}#]`, name: `${stem}${number}`, number: null, isMarked: true, end: BRACKETED.lastIndex }
}

function isOfTraining(stem: string): boolean {
  return OF_TRAINING.test(stem) || COUNTS.test(stem)
}

/** A host and the number of a process on it: `node-a: 3: `. */
function hostAt(line: string, at: number): Tag | null {
  HOST.lastIndex = at
  const [, host, number] = HOST.exec(line) ?? []
  if (host === undefined || isOfTraining(host)) return null
  return { form: 'w: N: ', name: `${host}/${number}`, number: Number(number), isMarked: true, end: HOST.lastIndex }
}

function nameAt(line: string, at: number, known: readonly string[]): Tag | null {
  const numbered = hostAt(line, at)
  if (numbered !== null) return numbered
  SPACED.lastIndex = at
  NAME.lastIndex = at
  const spaced = SPACED.exec(line)
  if (spaced !== null)
    return {
      form: `${spaced[1]}#${spaced[3]!.trim()}`,
      name: `${spaced[1]}${spaced[2]}`,
      number: null,
      isMarked: true,
      end: SPACED.lastIndex,
    }
  const whole = roleAt(line, at, OF_ROLE) ?? domainAt(line, at)
  if (whole !== null) return whole
  const [, stem, number, mark] = NAME.exec(line) ?? []
  // With a bar right behind it a task is a process.
  const isTask = mark === '| ' && /^task$/i.test(stem ?? '')
  if (stem === undefined || mark === undefined || (isOfTraining(stem) && !isTask)) return null
  // The bar behind it may be that of a table.
  const isMarked = mark !== ' ' && !(mark.endsWith('| ') && known.includes(`${stem}#`))
  if (!isMarked)
    return { form: `${stem}#`, name: `${stem}${number}`, number: null, isMarked, end: NAME.lastIndex - mark.length + 1 }
  return { form: `${stem}#${mark.trim()}`, name: `${stem}${number}`, number: null, isMarked, end: NAME.lastIndex }
}

/** A line behind its tag, as far as it tells whether that is one. */
export interface TaggedLine {
  readonly tag: Tag
  /** What the line counts itself: the value, whether it is a step, and whether it is only the first number that may count. */
  readonly counter: {
    readonly value: string
    readonly isStep: boolean
    readonly isGuess: boolean
    readonly isNamed: boolean
  } | null
  /** How the line goes on, and the same with its numbers left out. */
  readonly rest: string
  readonly shape: string
}

const COUNTER = /\b(global[_ ]?step|steps?|iter(?:ation)?s?|batch|update|epoch|ep)\b["']?[ :=#.[(]{0,8}["']?(\d{1,12})/i
const LEADING = /^[\s|[(]{0,8}(\d{1,15})(?:[\]):,/|\t]| +[-+\d.]|%\|)/
/** A bar of progress, `41/3280 [00:50<`, or a count of so many, `[  50/1000`. */
const BAR = /\b(\d{1,9})\/\d{1,9} (?:\[\d\d:|━)|\[ {0,8}(\d{1,9})\/\d{1,9}\b/
/** The first number of a line that may count. */
const WHOLE_NUMBER = /(?<![\d.])\d{1,15}(?![\d.])/
const NUMBER = /[-+]?(?:\d[\d.,:e+-]{0,40}|\b(?:nan|inf)\b)/gi
const SHAPE_CHARS = 160
/** Begins an object, or a rule of a table. */
const STRUCTURE = /^\s{0,8}(?:\{ ?["']|[-=+*_|─━═]{8})/
const COUNTER_NAME = /\b(?:step|iter(?:ation)?|epoch)\b/i

export function taggedLine(tag: Tag, rest: string): TaggedLine {
  const head = rest.slice(0, SHAPE_CHARS)
  const [, name, value] = COUNTER.exec(head) ?? []
  const position = [BAR, LEADING]
    .flatMap((pattern) => pattern.exec(head)?.slice(1) ?? [])
    .find((digits) => digits !== undefined)
  const found = value ?? position ?? WHOLE_NUMBER.exec(head)?.[0]
  const isStep = name === undefined ? position !== undefined : !/^ep/i.test(name)
  const isGuess = name === undefined && position === undefined
  const counter = found === undefined ? null : { value: found, isStep, isGuess, isNamed: isStep && name !== undefined }
  return { tag, counter, rest: head, shape: head.replace(NUMBER, '0') }
}

/** A row of a table, and a head that counts: `810: `, `[12] `. */
const ROW_OF_NUMBERS = /^[-+\d.]+(?:[ \t,]+[-+\d.einfa]+){2,}\s*$/
const COUNTED = /^\s{0,8}[[(]?\d{1,12}[\]):]/

/** Whether a line behind the name of a process shows by itself that it is whole without it. */
function isWhole({ shape, counter, rest }: TaggedLine): boolean {
  if (COUNTED.test(rest) || STRUCTURE.test(rest)) return true
  return !/^[-+.\d]/.test(rest) && (counter?.isStep === true || COUNTER_NAME.test(shape))
}

/** So many lines with one number are of one step at most: each process of a node may write one. */
const MOST_OF_ONE_STEP = 15
/** So many names of one form in a row are no words of a sentence. */
const NAMES_IN_A_ROW = 3
/** What Python writes of an exception, which no step stands before. */
const OF_ERROR = /^(?:Traceback \(most|\s{2}File "|(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt)(?::|$))/

/**
 * Whether what stands before lines names who wrote them; null as long as nothing tells. `lines` are the newest of one
 * form in a row, oldest first. `areAll` says that the file has no others.
 */
export function areTags(lines: readonly TaggedLine[], areAll: boolean): boolean | null {
  const last = lines.at(-1)
  if (last === undefined) return null
  if (OF_ERROR.test(last.rest)) return true
  return last.tag.number === null ? areNames(lines, last, areAll) : areRanks(lines, last)
}

function areNames(lines: readonly TaggedLine[], last: TaggedLine, areAll: boolean): boolean | null {
  if (isWhole(last) || (areAll && ROW_OF_NUMBERS.test(last.rest))) return true
  return last.tag.isMarked && areAll && !isValue(last) && lines.length >= NAMES_IN_A_ROW ? true : null
}

/** Whether a value follows, as behind the name of a metric. */
function isValue({ rest }: TaggedLine): boolean {
  return /^\s*[-+.]?(?:\d|nan\b|inf\b)/i.test(rest) && !ROW_OF_NUMBERS.test(rest) && !COUNTED.test(rest)
}

/** Numbers are tags where they come again, or stay the same while the line counts on. */
function areRanks(lines: readonly TaggedLine[], last: TaggedLine): boolean | null {
  const before = lines.at(-2)
  if (before === undefined) return null
  const [number, numberBefore] = [last.tag.number!, before.tag.number!]
  if (number < numberBefore) return true
  const isSameCount = last.counter !== null && last.counter.value === before.counter?.value
  const isNextCount = last.counter !== null && before.counter !== null && !isSameCount
  if (number === numberBefore) {
    return isNextCount || lines.filter(({ tag }) => tag.number === number).length > MOST_OF_ONE_STEP ? true : null
  }
  if (isSameCount && last.counter!.isStep) return true
  // Ranks begin with the same words. A step comes with values.
  if (last.rest === before.rest && !/\d\.\d/.test(last.rest)) return true
  // What counts steps itself has no step before it: the number may be a rank that is out of turn, or an epoch.
  const mayBeOutOfTurn = last.counter?.isNamed === true
  return mayBeOutOfTurn || (isSameCount && lines.length <= MOST_OF_ONE_STEP) ? null : false
}

/** What is to be thought of lines that have told nothing by their end. */
export function areTagsAtLast(lines: readonly TaggedLine[]): boolean {
  if (lines.some((line) => line.tag.number === null && isValue(line))) return false
  const counts = new Set(lines.map(({ counter }) => (counter?.isGuess === false ? counter.value : undefined)))
  const isOfMany = lines.some(({ tag }) => tag.form.includes('/'))
  if (lines.length > 1 && counts.size === 1 && !counts.has(undefined)) return !isOfMany
  const isOne = new Set(lines.map(({ tag }) => tag.name)).size === 1
  const mayBeStep = (line: TaggedLine) =>
    line.tag.number === null || ((line.counter?.isGuess ?? true) && !isWhole(line))
  return isOne && (lines.length > 2 || !lines.every(mayBeStep))
}
