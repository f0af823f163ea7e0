/** How the sentences that the documentation says of a rule name its numbers. */

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const
const ORDINALS: Readonly<Record<number, string>> = { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', 5: 'fifth' }
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
}
const MINUTE_MS = 60_000

/** "three", "a million"; a number that has no word of its own in figures: "1,024". */
export function inWords(value: number): string {
  return value === 1_000_000 ? 'a million' : (WORDS[value] ?? grouped(value))
}

/** "once", "twice", "5 times". */
export function times(value: number): string {
  if (value === 1) return 'once'
  return value === 2 ? 'twice' : `${grouped(value)} times`
}

/** "third", "fourth"; a number that has no word of its own in figures: "12th". */
export function ordinal(value: number): string {
  return ORDINALS[value] ?? `${grouped(value)}th`
}

/** "1,024", "1.25". */
export function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 15 })
}

/** "10⁻⁹", "3·10⁶". */
export function powerOfTen(value: number): string {
  const [factor, exponent = ''] = value.toExponential().replace('+', '').split('e')
  const power = `10${[...exponent].map((digit) => SUPERSCRIPTS[digit]).join('')}`
  return factor === '1' ? power : `${factor}·${power}`
}

/** "4 %" of a share of 0.04. What floating point adds to its digits is left out. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(12))} %`
}

/** "a minute", "20 minutes", "90 seconds". */
export function period(ms: number): string {
  if (ms === MINUTE_MS) return 'a minute'
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS} minutes` : `${ms / 1000} seconds`
}
