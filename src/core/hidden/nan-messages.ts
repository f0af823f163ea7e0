import { LANGUAGES, type NanWords } from './nan-words.ts'

/** What a line of a log says about a value that it does not show. */
export type NanMessage =
  /** The line says in words that there was a NaN or an infinity. */
  | {
      readonly kind: 'stated'
      readonly of: NanSubject
      readonly detail: string
      /** What the line says is done about it. */
      readonly act: 'stops' | 'skips' | null
      /** Whether it says that training has left its way, after which nothing comes but its end. */
      readonly isDiverged: boolean
      /** The step at which the line says it was. */
      readonly step: number | null
    }
  /** A step was skipped because its gradients overflowed, which is normal now and then in float16. */
  | { readonly kind: 'overflow' }
  /** No split of a tree has a finite gain, which is normal once the data are used up, unless the loss stands still. */
  | { readonly kind: 'no-gain' }

type NanSubject = 'loss' | 'gradient' | 'model'

/** Sentences of frameworks that name no subject, or mean more than they say, and what each of them means. */
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
  [
    'minimum loss scale reached',
    'The loss scale fell to its minimum: the gradients overflow at every scale, so the loss explodes.',
  ],
  ['grad scale is small', 'The scale of the gradients has fallen so far that they overflow at every scale.'],
]
const OVERFLOWS = [
  'gradient overflow',
  'overflow! rank',
  'overflow detected',
  'reducing loss scale',
  'attempted loss scale:',
]

const MAX_CHARS = 512
/** A word without which no line tells of such a value, in lower case: those of ASCII, and the others. */
const CLUE =
  /nan|\binf(?:s|ini[a-z]*)?\b|finite|invalid|\bnot a number|diverg|explod|blown up|overflow|(?:loss|grad) scale|endlich|\bzahl|finit[oa]|non[- ]?fini|un nombre/
const OTHER_CLUE =
  /ungültig|infini|número|inválid|бесконеч|числ|конеч|недопуст|разош|расход|взорв|无穷|無窮|无限|無限|非有|非数|非數|数字|无效|無效|发散|發散|爆炸|收敛|無効|発散|爆発|무한|비유한|숫자|유효|발산|폭발/
const BEYOND_ASCII = /[\u0080-\uffff]/
/** Marks and words before a sentence that show that it is source code, and did not happen. */
const IS_CODE =
  /["'`#{]|\/\/|==|!=|\bprint|\b(?:raise|assert|return|def|import|lambda|self|torch|np|numpy|math|tf|jnp|logger|logging|warnings)\b[. (]|\(\)/
/** How a text begins that explains something. */
const IS_HELP = /^\s*(?:--?[a-z][\w-]*(?:[ ,=]|$)|usage:|note\b|tip\b|hint\b|help\b|todo|fixme|example)/
/** The same behind it: what is filled in, the end of a quotation, a default, a question. */
const IS_TEMPLATE = /%[sdfgr]|\{[\w.:]*\}|\.format\(|["'`]\)?[,;:]?\s*$|\(default|^[^.!]*\?\s*$|\(\)\s*:?\s*$/
/** What follows a sentence that is a setting, a counter of none, a name or a row of values. */
const OF_SETTING =
  /^(?:\s?[=:]?\s?[-+]?(?:\d|\.\d)(?!\S* times)|\s[-+]?(?:nan|inf)\b|\s*(?:-+>|→)\s*[-+.]?\d|(?:\s?[=:(?]|\s?\??\s?->)\s?(?:tensor\()?(?:0\b(?!\.\d)|true|false|none|no\b|off\b|on\b|never|null|yes\b|enabled|disabled|skip\b|stop\b|raise\b|warn\b|ignore\b|error\b|abort\b)|s? (?:usually|often|sometimes|typically|generally|commonly|means?)\b|[ _-](?:handl\w+|guards?\b|check\w*|detection\b|detector\b|callbacks?\b|patience|limit\w*|threshold\w*|polic\w+|filter\w*|tests?\b|tolerance|actions?\b|recovery|rates?\b|curves?\b|plots?\b|counters?\b|masks?\b|masking|function\b)|s? (?:values? )?(?:will|would|should|can|may|might|could|are|is|gets?) (?:be |automatically |always |silently |then )*(?:skip|ignor|drop|discard|mask|replac|zero|filter|handled|clip|allow|disabled|enabled|off\b|on\b)|s? (?:values? )?(?:(?:was|were|is|are|has|have|been) )*(?:not(?! finite| a number)|never|n't)\b)/
const IS_TRUE = /^\s?[=:?]\s?(?:tensor\()?(?:true|yes)\b/
/** A count of none behind what it counts: `nan losses so far: 0`, `nan loss 0 times`. */
const NONE_BEHIND =
  /^(?:es|s)?(?: (?:so far|in total|total|overall|counts?|seen|detected|found|encountered|observed|occurred|occurrences|events|batches|steps|values|this|last|in|of|for|during|until now|yet|were|was|have been|training|epoch|epoch \d{1,9}|run|number))*(?<!(?<!this|last|per) epoch)(?: ?[=:(] ?(?:0|none|zero|never)\b(?![.]\d)| (?:0|zero|no) times\b| (?:in|for) (?:0|zero|no) [a-z]+s\b)/
/** A loss may be invalid that is not known by its name. */
const OF_NAME =
  /\b(?:expected|choose|choices|supported|unknown|must be|one of|names?|types?|options?|argument|default|valid (?:values|losses)|invalid values? for)\b/
/** Behind an invalid loss nothing names what it is of: `invalid loss type`. */
const IS_ITS_OWN = /^(?:es)?(?: values?)?(?:\W*$|[.,!;)]| (?:detected|found|encountered|at|in|of|is|was|on)\b)/
/** Values of the data are no fault of the training. */
const OF_DATA =
  /\b(?:columns?|datasets?|data ?frames?|features?|csv|rows?|labels?|images?|cells?|fields?|pixels?|targets?)\b/
/** Behind these begins another clause. */
const CLAUSE =
  /[.!;?:|\])>]\s|\s[-–—]+>?\s|\b(?:because|since|due to|owing to|weil|parce que|porque|потому что)\b|[。；！]/gu
const NONE_BEFORE =
  /(?<!\b(?:step|epoch|rank|iter|iteration|batch|gpu|device|worker|update|cuda)[ :=#]{1,2})\b(?:0|0 of \d+|0 ?\/ ?\d+|no) $|n't\b/
/** A count of what was left out that is none: `skipped 0 steps`, `no batches were skipped`, `losses skipped so far: 0 of 500`. */
const NONE_SKIPPED =
  /\b(?:skip(?:ped|ping|s)?|ignored|dropped|discarded|left out) (?:0|no|zero)\b(?!\.\d)|\b(?:0|no|zero) (?:[a-z]+ ){1,3}(?:(?:was|were|got) )?(?:skipped|ignored|dropped|discarded|left out)\b|\b(?:skipped|ignored|dropped|discarded)\b[^.;:=\d]{0,30}[:=] ?0\b(?!\.\d)/
const STOPS =
  /signaling trainer to stop|(?<!\b(?:will|would|may|might|to|not|never|before|without|until) (?:be )?)\b(?:abort|stop(?!(?:ping)? loss)|terminat|exit|quit(?!e)|halt|kill|shut)(?![a-z]*_)|\bgiv(?:e|ing) up|\bcannot (?:continue|go on)|\bbailing|\bending (?:the )?(?:run|training|job)|abgebrochen|abbruch|breche|beende|gestoppt|arrêt|interromp|abandon|deten|detien|interrump|остан[ао]в|прерв|прерыв|прекращ|завершен|停止|终止|終止|中止|退出|中断|中斷|打ち切|終了|중단|중지|종료|멈/
/** What is said of a stop that did not come. */
const IS_NEEDLESS =
  /\b(?:not|never) (?:needed|necessary|required)\b|\b(?:unnecessary|needless|no need|instead of|rather than)\b/
const SKIPS =
  /\b(?:skip|ignor|discard|drop(?!out)|omit|reject|zero(?:ed|ing)|replac|left out|leaving out)|(?:not|n't|\bno) updat|übersp|verw[eo]rf|ignor[ée]|saut[éeo]|descart|saltando|omitiendo|пропуск|пропущ|игнор|跳过|跳過|忽略|丢弃|スキップ|無視|건너|무시/
/** A word that makes a message of a name and its value. */
const TELLS =
  /not finite|signaling|detect|found|encounter|diverg|!|erkannt|gefunden|détect|trouv|detect|encontr|обнаруж|检测|檢測|发现|検出|감지|발견/
const OF_SCALER = /overflow|scal(?:e|er|ing)|\bamp\b|\bfp16\b|mixed precision/
/** A letter of a language that writes no spaces. */
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/
const STEP = /\b(?:global[ _])?(?:step|iter(?:ation)?)s?\b\W{0,3}(\d{1,12})\b(?![.\d%])/
const SUBJECTS: Readonly<Record<NanSubject, string>> = {
  loss: 'the loss',
  gradient: 'a gradient',
  model: 'a value of the model',
}
const ACTS = { stops: ', and that training stops', skips: ', and that the step is left out' } as const

/** What a line says about a hidden value, or null where it says nothing about one. */
export function nanMessageIn(line: string): NanMessage | null {
  const text = textWithClue(line)
  return text === null ? null : toldIn(text)
}

/** The message of a line that may speak of a hidden value; null of one that does not. */
function textWithClue(line: string): string | null {
  const lower = (line.length > MAX_CHARS ? line.slice(0, MAX_CHARS) : line).toLowerCase()
  const hasClue = CLUE.test(lower) || (BEYOND_ASCII.test(lower) && OTHER_CLUE.test(lower))
  return hasClue ? unquoted(messageOf(lower)) : null
}

function toldIn(text: string): NanMessage | null {
  if (NONE_SKIPPED.test(text)) return null
  for (const [sentence, detail] of SENTENCES) {
    if (holds(text, sentence))
      return { kind: 'stated', of: 'loss', detail, act: actOf(text), isDiverged: false, step: stepIn(text) }
  }
  if (holds(text, 'best gain: -inf')) return { kind: 'no-gain' }
  if (OVERFLOWS.some((sentence) => holds(text, sentence))) return { kind: 'overflow' }
  for (const grammar of nanGrammars()) {
    const told = toldBy(grammar, text)
    if (told === null) continue
    const act = actOf(text)
    if (told.of === 'gradient' && act !== 'stops' && OF_SCALER.test(text)) return { kind: 'overflow' }
    const detail = `The log says that ${told.words}${act === null ? '' : ACTS[act]}.`
    const isDiverged = grammar.diverged.test(text)
    return { kind: 'stated', of: told.of, detail, act, isDiverged, step: stepIn(text) }
  }
  return null
}

/** Whether a line says that training has diverged, or stops for it, be it that it holds a value as well. */
export function tellsOfEnd(line: string): boolean {
  const text = textWithClue(line)
  // Few lines with a NaN hold such a word, and to read all of their grammar takes long.
  const mayTell =
    text !== null && (actOf(text) === 'stops' || nanGrammars().some(({ diverged }) => diverged.test(text)))
  if (!mayTell) return false
  const told = toldIn(text)
  return told?.kind === 'stated' && (told.isDiverged || told.act === 'stops')
}

function actOf(text: string): 'stops' | 'skips' | null {
  if (text.split(/[;,]/).some((clause) => STOPS.test(clause) && !IS_NEEDLESS.test(clause))) return 'stops'
  return SKIPS.test(text) ? 'skips' : null
}

function stepIn(text: string): number | null {
  const digits = STEP.exec(text)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Where the code of a message stands, in brackets before it: `(fit[5.5]:main():fit.cc:221) `. */
const PLACE_OF_MESSAGE = /\([^()]{1,120}\(\):[^()\s]{1,80}:\d{1,6}\) /

/** The message of a line that a logger has written as JSON. */
function messageOf(text: string): string {
  if (text.includes('():')) return text.replace(PLACE_OF_MESSAGE, '')
  return /^\s*\{.{0,300}?"(?:msg|message|event|text|log)"\s?:\s?"((?:[^"\\]|\\.)+)"/.exec(text)?.[1] ?? text
}

/** A line without the quotes around single names, and without apostrophes. */
function unquoted(text: string): string {
  return text
    .replace(/\b(?:message|msg|reason)=(["'])(.{1,200}?)\1/, '$2')
    .replace(/(["'`])([\w./ -]{1,40})\1/g, '$2')
    .replace(/(?<=\p{L})['’](?=s\b)/gu, '')
    .replace(/(?<=\p{L})n['’]t\b/gu, ' not')
}

function holds(text: string, sentence: string): boolean {
  const at = text.indexOf(sentence)
  if (at < 0) return false
  const before = text.slice(0, at)
  if (IS_CODE.test(before) || /\b(?:no|not|without|if|when|whether) $/.test(before)) return false
  // `nan loss` is a sentence, but `nan_loss_count=0` and `nan losses: 0` are counters.
  return !/^(?:\w|[=:(] *(?:0\b|false|none))/.test(text.slice(at + sentence.length, at + sentence.length + 8))
}

interface NanGrammar {
  /** A subject, and the state behind it: `loss is nan`. */
  readonly forward: RegExp
  /** A state, and its subject behind it: `nan values in the gradients`. */
  readonly backward: RegExp
  readonly diverged: RegExp
  readonly not: RegExp
  readonly isSpaced: boolean
}

let grammars: readonly NanGrammar[] | undefined

/** The grammar of each language, made when it is first asked for: most programs end before that. */
function nanGrammars(): readonly NanGrammar[] {
  grammars ??= LANGUAGES.map(grammarOf)
  return grammars
}

/** A state that is told of without a subject. */
const FOUND =
  /(?<![\w.-])(?:nans?|nan (?:or|\/) infs?)(?: values?)? (?:(?:was|were|has|have|been) )*(?:detected|encountered|found|occurred|appeared)\b|\b(?:detected|encountered|hit|found|got)(?: an?)? nans?(?= ?(?:[.!,;:]|$)| at (?:step|iter|batch|epoch))|\btensor had (?:nan|inf)|\bnan in summary histogram\b/

function grammarOf({ loss, gradient, model, state, is, into, beside, diverged, not, isSpaced }: NanWords): NanGrammar {
  const [from, to] = isSpaced ? ['(?<![\\p{L}\\p{N}_])', '(?![\\p{L}\\p{N}_])'] : ['(?<![\\w])', '(?![\\w])']
  const subject = `${from}(?:(?<loss>${loss})|(?<gradient>${gradient})|(?<model>${model}))${to}`
  const states = `(?<![\\p{L}\\p{N}_.]|[\\p{L}\\p{N}]-)(?<state>${state})(?![a-z0-9_-]|\\.\\w|\\()`
  const unspacedStates = `(?<![a-z0-9_.]|[a-z0-9]-)(?<state>${state})(?![a-z0-9_-]|\\.\\w|\\()`
  const forward = isSpaced
    ? `${subject}(?:(?:[^.;!?|=:]|\\.(?=\\S)){0,50}?${from}(?:${is})${to}(?: (?:\\p{L}+ ){0,3}?|(?= ?[:=]))|(?<value>[\\s"'([]{0,3}[=:]{0,2}[\\s"'([]{0,3})(?:tensor\\()?)[-+]?${states}`
    : `${subject}(?:${is}|(?<value>[\\s=:：]{0,3}))${unspacedStates}`
  const backward = isSpaced
    ? `${states}(?: (?:${beside})${to}){0,4}(?: (?:${into})(?: [^\\s.;!?|=:,]+){0,3}?)? ${subject}`
    : `${unspacedStates}(?:${into})${subject}`
  const bounded = isSpaced ? `${from}(?:${LANGUAGES[0]!.not}|${not})${to}` : `(?:${not})`
  return {
    forward: new RegExp(forward, 'u'),
    backward: new RegExp(backward, 'u'),
    diverged: new RegExp(`${from}(?:${diverged})${isSpaced ? to : ''}`, 'u'),
    not: new RegExp(bounded, 'u'),
    isSpaced,
  }
}

/** Of what a text says that it is not finite, and how; null where it does not. */
function toldBy(grammar: NanGrammar, text: string): { readonly of: NanSubject; readonly words: string } | null {
  const { forward, backward, diverged } = grammar
  const ahead = forward.exec(text)
  if (ahead !== null && isTold(grammar, text, ahead, 'forward')) return aboutOf(ahead)
  const back = backward.exec(text)
  if (back !== null && isTold(grammar, text, back, 'backward')) return aboutOf(back)
  const found = diverged.exec(text)
  if (found !== null && isTold(grammar, text, found, 'alone')) return { of: 'loss', words: 'training diverged' }
  const alone = grammar === nanGrammars()[0] ? FOUND.exec(text) : null
  if (alone !== null && !OF_DATA.test(text) && isTold(grammar, text, alone, 'alone'))
    return { of: 'model', words: 'there was a NaN' }
  return null
}

function aboutOf({ groups = {} }: RegExpExecArray): { of: NanSubject; words: string } {
  const of = groups['loss'] !== undefined ? 'loss' : groups['gradient'] !== undefined ? 'gradient' : 'model'
  return { of, words: `${SUBJECTS[of]} is ${stateOf(groups['state'] ?? '')}` }
}

function stateOf(state: string): string {
  const isNan = /nan|not a number|zahl|nombre|número|числ|数字|非数|非數|숫자/.test(state)
  const isInfinite = /\binf|(?<!nicht )(?<!nicht )unendlich|infini|infinit|бесконеч|无穷|無窮|无限|無限|무한/.test(
    state,
  )
  if (isNan && isInfinite) return 'NaN or infinite'
  return isNan ? 'NaN' : isInfinite ? 'infinite' : 'not finite'
}

/** Whether what was found in a text happened: it is no source code, no setting, no value, no possibility, and not denied. */
function isTold(
  { not, isSpaced }: NanGrammar,
  text: string,
  found: RegExpExecArray,
  order: 'forward' | 'backward' | 'alone',
): boolean {
  const before = text.slice(0, found.index)
  const after = text.slice(found.index + found[0].length)
  if (IS_CODE.test(before) || IS_HELP.test(text) || IS_TEMPLATE.test(after)) return false
  if (NONE_BEHIND.test(after)) return false
  const isConfirmed = order === 'forward' && IS_TRUE.test(after)
  if (OF_SETTING.test(after) && !isConfirmed) return false
  const { state = '', value, model } = found.groups ?? {}
  if (value !== undefined && !isConfirmed && !TELLS.test(text) && actOf(text) === null) return false
  if (state === 'invalid' && (model !== undefined || OF_NAME.test(text) || !IS_ITS_OWN.test(after))) return false
  if (!isSpaced) return UNSPACED.test(text) && !not.test(text)
  const clause = before.slice(lastEnd(before))
  // What stands between the two belongs to it, but for the state itself: `not finite`.
  const inside = state === '' ? '' : found[0].replace(state, ' ')
  const counted = order === 'forward' ? [inside, before] : [before]
  return !OF_DATA.test(inside) && !not.test(`${clause}${inside}`) && !counted.some((words) => NONE_BEFORE.test(words))
}

function lastEnd(text: string): number {
  let end = 0
  for (const { index, 0: mark } of text.matchAll(CLAUSE)) end = index + mark.length
  return end
}
