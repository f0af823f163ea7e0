import { containerNamed } from '../core/formats/containers/index.ts'
import { memberOf } from '../core/runs/dump-members.ts'
import type { FileTotals } from './replay/read-runs.ts'

/** The paths that files of which batches were read look for beside them: labels in a file of their own are read there. */
export function pathsReadBeside(
  totals: ReadonlyMap<string, Pick<FileTotals, 'format' | 'batches'>>,
): ReadonlySet<string> {
  const beside = new Set<string>()
  for (const [path, { format, batches }] of totals) {
    const companions = containerNamed(format ?? '')?.companions
    if (companions === undefined || batches === 0) continue
    const slash = path.lastIndexOf('/') + 1
    // A dump of many files stands for each of them.
    for (const name of companions(path.slice(slash).replace('*', '0'))) {
      const companion = path.slice(0, slash) + name
      beside.add(companion)
      const dump = path.includes('*', slash) ? memberOf(companion)?.dump : undefined
      if (dump !== undefined) beside.add(dump)
    }
  }
  return beside
}
