import { numberAt } from '../literals/number.ts'
import { isLossLike } from '../records/fields.ts'
import { isSettingWord } from '../records/loss-names.ts'
import { quotesValues } from '../records/quoted-values.ts'
import { rowWithNonFinite } from './unread-rows.ts'

/** A NaN or an infinity that stands in a line where a value stands. */
export interface UnreadNonFinite {
  /** Whether it may be a setting, as an infinity that is no loss by its name may be, if it is always the same. */
  readonly mayBeSetting: boolean
  /** Whether it stands in a row without names, such as those of a table of data. */
  readonly isRow: boolean
  /** The count at the head of such a row; null for none. */
  readonly count: number | null
}

/** What a longer line begins with is looked at. */
const MAX_CHARS = 2048
const CLUE = /nan|inf(?![a-hj-z])|∞/i
/** How source code and commands are written, and what quotes them. */
const CODE =
  /[=!<>]=|\bdef |\breturn\b|\bif |\belse\b|\bfor |\bimport |\bassert|\braise\b|\blambda\b|\bself\.|^\s*(?:#|\/\/|>>>|[-+]{1,3} |@@|File "|from )|(?:np|numpy|torch|math|tf|jnp)\.(?:nan|inf)|[;{]\s*$/
/** The words of a name whose value is NaN in healthy runs: a share of nothing, the time that is left, what is missing, a limit. */
const HARMLESS =
  /^(?:m?ap\d*|iou|miou|precision|recall|[fp]1|f\d|auc|auroc|auprc|dice|corr|pearson|spearman|kendall|r2|std|stdev|var|variance|acc|accuracy|ratio|eta|time|remaining|left|missing|fill|na|value|default|ord|norm_type|patience|timeout|values|limit|bound|bounds|lower|upper|range|mask|version|type|dtype|delta)$/i

/** Whether it is worth a look whether a line holds a NaN or an infinity. */
export function mayHoldNonFinite(line: string): boolean {
  return CLUE.test(line.length > MAX_CHARS ? line.slice(0, MAX_CHARS) : line)
}

/**
 * The NaN or the infinity that a line holds behind a `=` or a `:`, or in a row whose other cells are numbers; null where
 * it holds none, or is prose, source code, or a setting. A row of nothing else may be the loss of a file that shows none.
 */
export function nonFiniteIn(line: string, hasLosses: boolean): UnreadNonFinite | null {
  const text = line.slice(0, MAX_CHARS)
  if (!CLUE.test(text) || CODE.test(text) || quotesValues(text)) return null
  const row = rowWithNonFinite(text)
  const isAlone = row?.isBare === true && !hasLosses
  if (row !== null && (row.isCounted || isAlone))
    return { mayBeSetting: !isAlone, isRow: !row.isMarked, count: row.count }
  if (COUNTED_TUPLE.test(text)) return { mayBeSetting: true, isRow: false, count: null }
  return namedIn(text) ?? lossIn(text) ?? countedIn(text)
}

/** What joins a name and its value. Where it is no `=` and no `:` it may be prose or a table as well. */
const SEPARATOR = /(?:::|:=|=>|->|(?<=[\w)\]"'] )-(?= )|(?<= )is(?= )|[→⇒＝~|│┃`]|([=:：])) {0,20}["'`[({<]{0,2}/g
/** The name of a line that holds one value alone, as in a table of two columns. */
const NAME_BEFORE_GAP = /^\s*([\p{L}_][^|=:\t]{0,60}?)(?: {2,60}|\t{1,8})(?=\S{3,9}\s*$)/u
/** Values in brackets behind the name of a loss, one of which is NaN. */
const ARRAY = /(?<=\p{L}[\s:=]{1,3})\[{1,2}(?=[-+\d.en\s,]{0,200}?\bnan\b)/giu
/** A count, and values behind it, one of which is NaN: `progress: (31, nan, 0.5)`. */
const COUNTED_TUPLE = /[:=] ?\(\d{1,9}, ?(?:[-+\d.e]{1,24}, ?){0,8}nan[,)]/i
/** A name, in quotes or with a unit behind it, as it ends before a `=` or a `:`. */
const NAME = /([\p{L}_][\p{L}\w./@()[\] -]{0,60}?)["'`]?[\s.]{0,20}$/u
/** What may follow a value: nothing, a mark, or the name of the next one. No sentence goes on so. */
const AFTER_VALUE =
  /^["'`\])}>%]*\s*(?:$|[,;|│┃/([{<>~±+*&·-]|[\p{L}_"'[][^\s=:]{0,40}(?:\s[^\s=:]{1,20})?(?:\s?[=:]|\s[-+]?\d)|\d)/u

function namedIn(text: string): UnreadNonFinite | null {
  for (const { 0: mark, 1: plain, index } of text.matchAll(SEPARATOR)) {
    const at = index + mark.length
    const number = text[at] === '∞' ? { value: 'Infinity', end: at + 1 } : numberAt(text, at)
    if (number === null || typeof number.value === 'number') continue
    const name = NAME.exec(text.slice(Math.max(0, index - 80), index))?.[1]
    if (name === undefined || isHarmless(name) || isInCall(text, index)) continue
    if (AFTER_VALUE.test(text.slice(number.end, number.end + 80)))
      return {
        mayBeSetting: plain === undefined || (number.value !== 'NaN' && !isLossLike(name)),
        isRow: /[|│┃]/.test(mark),
        count: null,
      }
  }
  return null
}

/** A loss alone in its line behind a gap, or one in an array of them. */
function lossIn(text: string): UnreadNonFinite | null {
  const found = { mayBeSetting: false, isRow: false, count: null }
  const [before = '', name = ''] = NAME_BEFORE_GAP.exec(text) ?? []
  if (isLossLike(name) && !isHarmless(name) && numberAt(text, before.length)?.value === 'NaN') return found
  for (const { index } of text.matchAll(ARRAY)) {
    const owner = /([\p{L}_][\w./-]{0,40})[\s:=]{1,3}$/u.exec(text.slice(Math.max(0, index - 48), index))?.[1]
    if (owner !== undefined && isLossLike(owner) && !isHarmless(owner)) return found
  }
  return null
}

/** A count at the head of a line: `E080 `, `>> 00141 `, `batch 80/500 `. */
const COUNT = String.raw`^[^\p{L}\d]{0,8}(?:\p{L}{1,12}[ #:=-]{0,2})?\d{1,9}(?:\/\d{1,9})?`
const VALUE = String.raw`[-+]?(?:\d[\d.]{0,20}(?:e[-+]?\d{1,3})?|nan|inf)`
/** A count, and behind it nothing but names with a value each. */
const COUNTED_PAIRS = new RegExp(
  String.raw`${COUNT}((?:[\s|\u2502,;:\xb7>-]{1,6}\p{L}[\w./-]{0,30}[ \t]{1,4}${VALUE}(?![\w.])){2,16})[\s|\u2502,;]{0,8}$`,
  'iu',
)
/** A count, and values in brackets right behind a name: `tr[nan;nan]`. */
const COUNTED_BRACKET = new RegExp(
  String.raw`${COUNT}(?![\w.]).{0,120}?\p{L}[\[(](?:${VALUE}[;,/ ]{1,2}){0,8}nan(?:[;,/ ]{1,2}${VALUE}){0,8}[\])]`,
  'iu',
)

/** Values that stand behind their names alone, in a line that begins with a count and holds little else. */
function countedIn(text: string): UnreadNonFinite | null {
  const found = { mayBeSetting: true, isRow: false, count: null }
  const pairs = COUNTED_PAIRS.exec(text)?.[1]
  if (pairs === undefined) return COUNTED_BRACKET.test(text) ? found : null
  const broken = [...pairs.matchAll(/([\p{L}][\w./-]*)[ \t]+nan\b/giu)]
  return broken.some(([, name]) => !isHarmless(name!)) ? found : null
}

function isHarmless(name: string): boolean {
  // Only the words behind the last number: those before it are of another value.
  const ownName = name.replace(/^.*\s\d[\d.]*\s/, '')
  const words = ownName
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => /\p{L}/u.test(word))
  return words.some(isSettingWord) || HARMLESS.test(words.at(-1) ?? '')
}

/** Whether a place stands in the brackets of a call: there it is an argument, as in `Classifier(missing=nan)`. */
function isInCall(text: string, at: number): boolean {
  const open = text.lastIndexOf('(', at)
  return open > 0 && /[\w>]/.test(text.charAt(open - 1)) && text.lastIndexOf(')', at) < open
}
