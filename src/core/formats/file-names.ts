import { isNamed } from '../reading/name-pattern.ts'
import { batchJobOf } from './batch-names.ts'
import { CONTAINERS } from './containers/index.ts'
import { DATABASES } from './databases/index.ts'
import { processNameOf } from './rank-names.ts'

/** How logs of lines are called, in whatever dialect they are. */
export const TEXT_NAMES: readonly string[] = [
  '*.jsonl',
  '*.ndjson',
  '*.json',
  '*.csv',
  '*.tsv',
  '*.txt',
  '*.log',
  '*.out',
  '*.err',
  '*.stdout',
  '*.stderr',
  '*.predict',
]

/** Whether a file of this name is followed below a folder: it is named like one that is read, or has no ending. */
export function isLogName(name: string): boolean {
  if (name.lastIndexOf('.') <= 0) return true
  const isOfContainer = CONTAINERS.some(
    ({ names, isFollowed }) => isNamed(name, names) && (isFollowed === undefined || isFollowed(name)),
  )
  return (
    isOfContainer || isNamed(name, TEXT_NAMES) || isDatabaseName(name) || isOfProcess(name) || batchJobOf(name) !== null
  )
}

/** `out.3`, `log.txt.rank0`: the log of one process, with its number where others have their ending. */
function isOfProcess(name: string): boolean {
  const rest = processNameOf(name)?.rest ?? ''
  return isNamed(rest, TEXT_NAMES) || /^(?:out|err|std(?:out|err)|output|error)$/.test(rest)
}

/** Whether a file of this name is of a kind of which a job writes one for each step. */
export function isPerStepName(name: string): boolean {
  return CONTAINERS.some(({ names, isPerStep }) => isPerStep === true && isNamed(name, names))
}

/** Whether a file of this name may be the database of an experiment tracker. */
export function isDatabaseName(name: string): boolean {
  return DATABASES.some(({ names }) => isNamed(name, names))
}
