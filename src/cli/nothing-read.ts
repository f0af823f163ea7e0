import { NO_LOSS } from '../protocol/run.ts'
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
  if (files.length > 0) terminal.stderr(`${named(files)}: nothing was read that could be judged\n`)
  return isEmpty
}

/** One line on the files or runs of which values were read, and no loss; '' where there are none. */
export function noLossText(names: readonly string[]): string {
  return names.length === 0 ? '' : `${named(names)}: ${NO_LOSS}\n`
}

/** One line on the files that were read with others, such as labels with their predictions; '' where there are none. */
export function readBesideText(paths: readonly string[]): string {
  return paths.length === 0 ? '' : `${named(paths)}: read with the predictions beside it\n`
}

/** The first few of some names, and how many more there are. */
function named(paths: readonly string[]): string {
  const names = paths.slice(0, MOST_NAMED).map(printable).join(', ')
  return paths.length > MOST_NAMED ? `${names} and ${paths.length - MOST_NAMED} more` : names
}
