import { CurveCollector } from '../../core/compare/curve-collector.ts'
import type { RunCurves } from '../../core/compare/metric-curve.ts'
import type { FileUpdate } from '../../core/pipeline/commit.ts'

/** Collects the curves of several runs while their files are read. */
export class CurvesByRun {
  readonly #collectors = new Map<string, CurveCollector>()

  note({ file: { path, run }, samples, moves }: FileUpdate): void {
    let collector = this.#collectors.get(run)
    if (collector === undefined) {
      collector = new CurveCollector(run)
      this.#collectors.set(run, collector)
    }
    for (const sample of samples) collector.add(path, sample)
    for (const move of moves) collector.move(path, move)
  }

  of(run: string): RunCurves {
    return this.#collectors.get(run)?.curves() ?? { run, curves: [], metrics: new Set() }
  }
}
