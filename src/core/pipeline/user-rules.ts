import { metricValue } from '../../protocol/value.ts'
import { matches } from '../detect/overrides.ts'
import { holds, valueOf } from '../expression/evaluate.ts'
import { leafText, leavesOf } from '../expression/expression.ts'
import { type Remembered, remember } from '../expression/remembered.ts'
import type { Standing, UserRule, UserRulesState } from '../expression/user-rule.ts'
import type { LogRecord } from '../records/format.ts'
import type { PlacedSample } from './commit.ts'
import type { RecordFold } from './record-to-alerts.ts'

/** Folds the records of one read of a file through the rules that the user wrote. */
export class UserRules {
  readonly #before: UserRulesState
  readonly #rules: readonly UserRule[]
  readonly #fold: RecordFold
  readonly #series: Record<string, Remembered>
  readonly #standing: Record<string, Standing>
  /** The longest window that a rule needs of each metric. */
  readonly #windows = new Map<string, number>()

  constructor(before: UserRulesState, rules: readonly UserRule[], run: string, fold: RecordFold) {
    this.#before = before
    this.#rules = rules.filter((rule) => matches(rule.run, run))
    this.#fold = fold
    // An object without a prototype, for a log may name a metric `constructor`.
    this.#series = Object.assign(Object.create(null), before.series)
    this.#standing = Object.assign(Object.create(null), before.rules)
    for (const leaf of this.#rules.flatMap(({ condition }) => leavesOf(condition))) {
      const window = leaf.kind === 'aggregate' ? (leaf.window ?? 0) : 0
      this.#windows.set(leaf.metric, Math.max(window, this.#windows.get(leaf.metric) ?? 0))
    }
  }

  /** Whether none heeds this run. */
  get areNone(): boolean {
    return this.#rules.length === 0
  }

  get state(): UserRulesState {
    return this.#rules.length === 0 ? this.#before : { series: this.#series, rules: this.#standing }
  }

  /** To be called after the record was judged; `samples` are those that it brought. */
  record(record: LogRecord, samples: readonly PlacedSample[]): void {
    if (this.#rules.length === 0 || samples.length === 0) return
    if (record.kind === 'scalars' && record.isPlaceholder === true) return
    const seen = new Set<string>()
    for (const { metric, role, value } of samples) {
      const window = this.#windows.get(metric)
      if (window === undefined) continue
      seen.add(metric)
      this.#series[metric] = remember(this.#series[metric], role, value, window)
    }
    if (seen.size === 0) return
    const time = record.kind === 'scalars' ? record.time : null
    for (const rule of this.#rules) {
      const metrics = leavesOf(rule.condition).map(({ metric }) => metric)
      const isAsked = metrics.some((metric) => seen.has(metric))
      // A condition about a metric that was never logged is neither true nor false, so the rule waits.
      if (isAsked && metrics.every((metric) => this.#series[metric] !== undefined)) this.#judge(rule, samples[0]!, time)
    }
  }

  #judge(rule: UserRule, { step, attempt, offset }: PlacedSample, time: string | null): void {
    const saved = this.#standing[rule.name]
    const { inARow, firing } = saved?.when === rule.when ? saved : { inARow: 0, firing: saved?.firing ?? false }
    const isOpposed = holds(rule.condition, this.#series) !== firing
    const isChange = isOpposed && inARow + 1 >= rule.forRecords
    this.#standing[rule.name] = {
      when: rule.when,
      inARow: isOpposed && !isChange ? inARow + 1 : 0,
      firing: isChange ? !firing : firing,
    }
    if (!isChange) return
    const leaves = leavesOf(rule.condition)
    const { metric } = leaves[0]!
    const { role, last: value } = this.#series[metric]!
    const at = { metric, role, step, attempt, offset, value, time }
    if (firing) {
      this.#fold.apply({ kind: 'clear', rule: rule.name, at })
      return
    }
    const values = new Map(leaves.map((leaf) => [leafText(leaf), metricValue(valueOf(leaf, this.#series))]))
    const facts = {
      when: rule.when,
      inARow: rule.forRecords,
      values: [...values].map(([name, of]) => ({ name, value: of })),
    }
    this.#fold.apply({ kind: 'raise', rule: rule.name, severity: rule.severity, at, facts })
  }
}
