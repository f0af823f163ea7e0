const STEP_WORDS = ['step', 'steps', 'iter', 'iteration', 'it', 'global_step', 'epoch', 'ep', 'batch', 'e', 's']
const MAX_DIGITS = 15

/**
 * The step that the name of a file counts: 120 for `step_000120.npz`, 3 for `epoch3.npz`; null for none.
 *
 * A number after a word for steps goes before one at the end of the name. A
 * number that belongs to a word, as in `fp16.npz`, or to a date, is no step.
 */
export function stepOfFileName(name: string): number | null {
  const stem = name.replace(/\.[^.]*$/, '').toLowerCase()
  const groups = [...stem.matchAll(/\d+/g)]
  for (const { 0: digits, index } of groups) {
    if (digits.length <= MAX_DIGITS && STEP_WORDS.includes(wordBefore(stem, index))) return Number(digits)
  }
  const last = groups.at(-1)
  if (last === undefined || last[0].length > MAX_DIGITS || last.index + last[0].length !== stem.length) return null
  const before = stem.charAt(last.index - 1)
  const isOneOfSeveral = groups.length > 1 && groups.at(-2)!.index + groups.at(-2)![0].length === last.index - 1
  return isLetter(before) || before === '.' || isOneOfSeveral ? null : Number(last[0])
}

/** The word that ends before `end`, be it right there or before one separator. */
function wordBefore(stem: string, end: number): string {
  let to = end
  if (to > 0 && '_-=.'.includes(stem.charAt(to - 1))) to--
  let from = to
  while (from > 0 && isLetter(stem.charAt(from - 1))) from--
  return stem.slice(from, to)
}

function isLetter(char: string): boolean {
  return char >= 'a' && char <= 'z'
}
