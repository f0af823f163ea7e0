import type { RunSummary } from '../protocol/run.ts'
import { UsageError } from './terminal.ts'

/** The run that `text` names: its name, any unique ending of it, or of one of its files' paths. Throws a UsageError. */
export function findRun(runs: readonly RunSummary[], text: string): RunSummary {
  if (text.trim() === '') throw new UsageError('the name of a run is empty; `nanwatch runs` lists them')
  const exact = runs.find(({ run }) => run === text)
  if (exact !== undefined) return exact
  const byName = runs.filter(({ run }) => run.endsWith(text))
  const found = byName.length > 0 ? byName : runs.filter(({ files }) => files.some((file) => file.endsWith(text)))
  if (found.length === 1) return found[0]!
  if (found.length === 0) {
    throw new UsageError(`${text}: no such run; \`nanwatch runs\` lists them`)
  }
  const names = found.slice(0, 8).map(({ run }) => run)
  throw new UsageError(`${text}: several runs end so; name one of: ${names.join(', ')}${found.length > 8 ? ', …' : ''}`)
}
