import { CurveCollector } from '../../core/compare/curve-collector.ts'
import type { RunCurves } from '../../core/compare/metric-curve.ts'
import type { Reader } from '../../store/store.ts'

const PAGE = 10_000

/** The curves of a run in the database. Values that were dropped since are not compared. */
export async function storedCurves(reader: Reader, run: string): Promise<RunCurves> {
  const collector = new CurveCollector(run)
  for (const { id, file, metric, role } of await reader.series(run)) {
    for (let after = -1, more = true; more; ) {
      const page = await reader.samples(id, after, PAGE)
      if (page === null) break
      page.value.forEach((value, i) => {
        const [attempt, step, ordinal] = [page.attempt[i]!, page.step[i]!, page.ordinal[i]!]
        collector.add(file, { metric, role, attempt, step, ordinal, value, offset: null })
      })
      after = page.ordinal.at(-1) ?? after
      more = page.more
    }
  }
  return collector.curves()
}
