import type { FileTotals } from './replay/read-runs.ts'
import { printable, type Terminal } from './terminal.ts'

/** Said of a standard input that ended without a byte: what should have written to it may have failed. */
export const EMPTY_INPUT = 'standard input is empty: nothing was read'

/** How many files without data are named. */
const MOST_NAMED = 3

/** Warns in one line of the files in which nothing was read. Answers whether one of them is a standard input without a byte. */
export function tellNothingRead(
  paths: readonly string[],
  totals: ReadonlyMap<string, FileTotals>,
  terminal: Terminal,
): boolean {
  const isEmptyInput = (path: string) => path === '-' && totals.get(path)?.bytes === 0
  const isEmpty = paths.some(isEmptyInput)
  if (isEmpty) terminal.stderr(`${EMPTY_INPUT}\n`)
  const files = paths.filter((path) => !isEmptyInput(path))
  if (files.length > 0) {
    const named = files.slice(0, MOST_NAMED).map(printable).join(', ')
    const others = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : ''
    terminal.stderr(`${named}${others}: nothing was read that could be judged\n`)
  }
  return isEmpty
}
