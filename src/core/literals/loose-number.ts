import { type NumberAt, numberAt } from './number.ts'

/** What people and formats put around a single number: `[nan]`, `(0.5)`, `"nan"`, `<nan>`. */
const AROUND: Readonly<Record<string, string>> = {
  '[': ']',
  '(': ')',
  '{': '}',
  '<': '>',
  '"': '"',
  "'": "'",
  '`': '`',
}
/** What may stand there twice. */
const DOUBLED = ['**', '[[']
const MOST_CHARS = 64
const NON_FINITE = '(?:[nN][aA][nN]|[iI][nN][fF])'
const POWERS: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, G: 9, B: 9 }
/** Nothing that would make another word of it follows. */
const END = String.raw`(?![\w%]|[.,:]\d)`
const FORMS: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  // a value and its mean: `0.5/0.625`, `nan/nan`; a message speaks of `NaN/Inf`
  [
    new RegExp(
      `^(?!nan/inf|inf/nan)([-+]?(?:nan|inf|\\d{1,12}\\.\\d{1,12}))/[-+]?(?:nan|inf|\\d{1,12}\\.\\d{1,12})${END}(?!/)`,
      'i',
    ),
    ([, number]) => number!,
  ],
  // `∞`
  [new RegExp(`^([-+]?)∞${END}`), ([, sign]) => `${sign}inf`],
  // a complex number that is none: `nan+nanj`
  [new RegExp(`^[-+]?nan[-+]nanj${END}`, 'i'), () => 'nan'],
  // padded, as by `{:x<6f}`: `nanxxx`, `2.1xxx`
  [new RegExp(`^([-+]?(?:nan|inf|\\d{1,12}\\.\\d{1,12}))x{1,12}${END}`, 'i'), ([, number]) => number!],
  // a share: `nan%`, `12.5%`
  [/^([-+]?(?:nan|inf|\d{1,12}(?:\.\d{1,12})?))%(?![\w%])/i, ([, number]) => number!],
  // a decimal comma, with a blank, a point or nothing between thousands; three digits behind a comma may be thousands
  [
    new RegExp(
      `^([-+]?(?:\\d{1,3}(?:[ \\u00a0\\u202f.]\\d{3}){1,4}|\\d{1,12})),(\\d{1,2}|\\d{4,12}|(?<=^[-+]?0,)\\d{3})${END}`,
    ),
    ([, whole, decimals]) => `${whole!.replace(/[ \u00a0\u202f.]/g, '')}.${decimals}`,
  ],
  // an apostrophe, a line or a blank that does not break between thousands: `1'234.5`, `1_234.5`
  [
    new RegExp(`^([-+]?\\d{1,3}(?:['’_\\u00a0\\u202f]\\d{3}){1,4}(?:\\.\\d{1,12})?)${END}`),
    ([, digits]) => digits!.replace(/['’_\u00a0\u202f]/g, ''),
  ],
  // a power of ten, as books write it: `2.3 x 10^-2`, `2.3×10⁻²`
  [
    new RegExp(
      `^([-+]?\\d{1,12}(?:\\.\\d{1,12})?) ?[x×*·⋅] ?10(?: ?(?:\\^|\\*\\*) ?[({]?([-+]?\\d{1,3})[)}]?|([⁺⁻]?[⁰¹²³⁴-⁹]{1,3}))${END}`,
    ),
    ([, digits, power, raised]) => `${digits}e${power ?? lowered(raised!)}`,
  ],
  // Fortran and Julia: `1.5d-3`, `1.5f0`
  [
    new RegExp(`^([-+]?\\d{0,12}\\.?\\d{1,12})[df]([-+]?\\d{1,3})${END}`, 'i'),
    ([, digits, power]) => `${digits}e${power}`,
  ],
  // C: `1.5f`
  [new RegExp(`^([-+]?\\d{1,12}\\.\\d{1,12})f${END}`, 'i'), ([, digits]) => digits!],
  // `1.2k`, `nank`, `2.4M`
  [
    new RegExp(`^([-+]?(?:${NON_FINITE}|\\d{1,12}(?:\\.\\d{1,12})?))([kKMGB])${END}`),
    ([, number, power]) => (/\d/.test(number!) ? `${number}e${POWERS[power!]}` : number!),
  ],
  // `2.3nats`, `nannats`, `nanbpb`, `0.5bits/dim`
  [
    new RegExp(`^([-+]?(?:nan|inf|\\d{1,12}(?:\\.\\d{1,12})?))(?:nats?|bits?|bp[bcdt])(?:/[a-z]{1,12})?${END}`, 'i'),
    ([, number]) => number!,
  ],
  // Fortran, where the number was too long for its field
  [/^\*{3,64}(?![\w*])/, () => 'nan'],
]

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** The power that is written in raised digits. */
function lowered(power: string): string {
  return [...power].map((char) => (char === '⁻' ? '-' : char === '⁺' ? '+' : RAISED.indexOf(char))).join('')
}

/**
 * The number that begins at `start` as people, formats and other languages print it, where a value is known to stand
 * there: `[nan]`, `"nan"`, `nanxxx`, `nan%`, `nank`, `∞`, `0,5`, `1d-3`, `~0.5`. Null where there is none.
 */
export function looseNumberAt(text: string, start: number): NumberAt | null {
  const at = text[start] === '~' || text[start] === '≈' ? start + 1 : start
  if (at > start) return singleAt(text, at)
  const isDoubled = DOUBLED.includes(text.slice(start, start + 2)) && text[start + 2] !== text[start]
  const one = AROUND[text.charAt(start)] ?? '*'
  const close = isDoubled ? one + one : AROUND[text.charAt(start)]
  if (close === undefined) return formAt(text, start)
  const first = start + close.length
  const inner = first + /^ {0,4}/.exec(text.slice(first, first + 4))![0].length
  const number = singleAt(text, inner)
  if (number === null) return null
  const end = number.end + /^ {0,4}/.exec(text.slice(number.end, number.end + 4))![0].length
  return text.startsWith(close, end) ? { ...number, end: end + close.length } : null
}

function singleAt(text: string, at: number): NumberAt | null {
  const number = numberAt(text, at)
  return number === null || text[number.end] === '/' ? formAt(text, at) : number
}

function formAt(text: string, start: number): NumberAt | null {
  const head = text.slice(start, start + MOST_CHARS)
  for (const [form, spelled] of FORMS) {
    const found = form.exec(head)
    if (found === null) continue
    const number = numberAt(spelled(found), 0)
    if (number === null) return null
    return { ...number, raw: number.raw === null ? null : found[0], end: start + found[0].length }
  }
  return null
}
