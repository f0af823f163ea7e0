import type { DetectorSettings } from './settings.ts'

/** Settings for some runs or some metrics only. Without a pattern they apply to all. */
export interface Override {
  /** `*` stands for any characters, a slash included, and `?` for one. */
  readonly run?: string | undefined
  readonly metric?: string | undefined
  readonly detectors: DetectorSettings
}

/** The settings of each metric in one run. A later override wins over an earlier one. */
export class RunSettings {
  readonly #ofRun: DetectorSettings
  readonly #ofMetrics: readonly Override[]
  readonly #known = new Map<string, DetectorSettings>()

  constructor(base: DetectorSettings, overrides: readonly Override[], run: string) {
    const mine = overrides.filter((override) => matches(override.run, run))
    this.#ofRun = settings(base, mine, null)
    this.#ofMetrics = mine.some((override) => override.metric !== undefined) ? [{ detectors: base }, ...mine] : []
  }

  /** The settings of rules that are about the run as a whole and not about one metric. */
  get ofRun(): DetectorSettings {
    return this.#ofRun
  }

  of(metric: string): DetectorSettings {
    if (this.#ofMetrics.length === 0) return this.#ofRun
    const known = this.#known.get(metric)
    if (known !== undefined) return known
    const found = settings({}, this.#ofMetrics, metric)
    this.#known.set(metric, found)
    return found
  }
}

/** The settings in `below`, overridden by those in `above`: threshold by threshold, unless either of them switches the rule off. */
export function onTop(below: DetectorSettings, above: DetectorSettings): DetectorSettings {
  const merged: Record<string, DetectorSettings[string]> = { ...below }
  for (const [rule, setting] of Object.entries(above)) {
    const before = merged[rule]
    merged[rule] = before === undefined || before === false || setting === false ? setting : { ...before, ...setting }
  }
  return merged
}

function settings(base: DetectorSettings, overrides: readonly Override[], metric: string | null): DetectorSettings {
  return overrides
    .filter((one) => (metric === null ? one.metric === undefined : matches(one.metric, metric)))
    .reduce((below, { detectors }) => onTop(below, detectors), base)
}

/** Whether a name matches a pattern. It only goes back to the last `*`, so its time is bounded by the product of the two lengths. */
export function matches(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined) return true
  let at = 0
  let star = -1
  let resume = 0
  let i = 0
  while (i < name.length) {
    if (pattern[at] === '*') {
      star = at++
      resume = i
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i])) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++resume
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}
