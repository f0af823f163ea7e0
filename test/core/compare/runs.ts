import { CurveCollector } from '../../../src/core/compare/curve-collector.ts'
import type { RunCurves } from '../../../src/core/compare/metric-curve.ts'
import { roleOf } from '../../../src/core/records/fields.ts'
import { metricValue } from '../../../src/protocol/value.ts'

/** One value of a log, with its step. */
export interface Logged {
  readonly step: number | null
  readonly value: number
  readonly attempt?: number
}

/** A run as it is collected from a log that holds these metrics. */
export function runOf(name: string, metrics: Readonly<Record<string, readonly Logged[]>>): RunCurves {
  return runOfFiles(name, { 'train.log': metrics })
}

/** A run of several files. */
export function runOfFiles(
  name: string,
  files: Readonly<Record<string, Readonly<Record<string, readonly Logged[]>>>>,
): RunCurves {
  const collector = new CurveCollector(name)
  for (const [file, metrics] of Object.entries(files)) addFile(collector, file, metrics)
  return collector.curves()
}

function addFile(collector: CurveCollector, file: string, metrics: Readonly<Record<string, readonly Logged[]>>): void {
  for (const [metric, values] of Object.entries(metrics)) {
    for (const [ordinal, { step, value, attempt = 0 }] of values.entries()) {
      const role = roleOf(metric) ?? 'other'
      collector.add(file, {
        metric,
        role,
        step,
        attempt,
        ordinal,
        value: metricValue(value),
        offset: 10 * ordinal,
      })
    }
  }
}

/** Values at the steps 0, `every`, 2 `every`, and so on. */
export function stepped(values: readonly number[], every = 1): Logged[] {
  return values.map((value, i) => ({ step: i * every, value }))
}
