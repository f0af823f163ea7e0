import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { RunCurves } from '../../core/compare/metric-curve.ts'
import { crashed } from '../../core/detect/crashed.ts'
import { matches } from '../../core/detect/overrides.ts'
import { stall } from '../../core/detect/stall.ts'
import type { Rules } from '../../core/pipeline/read.ts'
import { nameRuns } from '../../core/runs/naming.ts'
import type { Alert } from '../../protocol/alert.ts'
import { errorMessage } from '../../protocol/error-message.ts'
import type { Reader } from '../../store/store.ts'
import { findRun } from '../find-run.ts'
import { fileReads } from '../replay/file-reads.ts'
import { replayRuns } from '../replay/read-runs.ts'
import type { ReplayFile } from '../replay/replay.ts'
import { scanPaths } from '../scan-paths.ts'
import { CurvesByRun } from './curves-by-run.ts'
import { storedCurves } from './stored-curves.ts'

/** What a run is compared with: paths, or names of runs in the database. */
export type NamedBaselines = (run: string) => readonly string[]

/** A run that others are compared with. */
export interface BaselineRun {
  /** Its files as whole paths: by them a run is known that is its own baseline. */
  readonly files: ReadonlySet<string>
  readonly curves: RunCurves
  /** What its own loss came undone of; null where it went well. */
  readonly failure: string | null
}

/** What the command line names counts for every run; else what the configuration names for it, the last that fits. */
export function namedBaselines(onCommandLine: readonly string[], { baselines }: Config): NamedBaselines | null {
  if (onCommandLine.length > 0) return () => onCommandLine
  if (baselines.length === 0) return null
  return (run) => baselines.findLast((one) => matches(one.run, run))?.with ?? []
}

/** Finds and reads the runs that others are compared with, each once. */
export class BaselineReader {
  readonly #rules: Rules
  readonly #openReader: () => Promise<Reader>
  readonly #known = new Map<string, Promise<readonly BaselineRun[] | string>>()
  #names: ReadonlyMap<string, string>

  /** `named` are the files that are checked: no baseline is called like the run of one of them. */
  constructor(rules: Rules, named: readonly ReplayFile[], openReader: () => Promise<Reader>) {
    this.#rules = rules
    this.#names = new Map(named.map(({ path, run }) => [path, run]))
    this.#openReader = openReader
  }

  /** The runs at a path, or of a name; a sentence where there is none, or where it cannot be read. */
  read(text: string): Promise<readonly BaselineRun[] | string> {
    let found = this.#known.get(text)
    if (found === undefined) {
      found = this.#find(text).catch(errorMessage)
      this.#known.set(text, found)
    }
    return found
  }

  async #find(text: string): Promise<readonly BaselineRun[] | string> {
    if (existsSync(text)) return this.#atPath(text)
    try {
      return await this.#stored(text)
    } catch (error) {
      const [said, prefix] = [errorMessage(error), `${text}: `]
      const found = said.startsWith(prefix)
        ? `in the database ${said.slice(prefix.length)}`
        : `no run can be looked up: ${said} Name a log, the folder of a job, or a run that \`nanwatch runs\` lists`
      return `${prefix}there is no file or folder of this name, and ${found}`
    }
  }

  async #atPath(path: string): Promise<readonly BaselineRun[] | string> {
    const { rootName, found, problems } = await scanPaths(path)
    const [problem] = problems
    if (problem !== undefined) return `${problem.path}: not read: ${problem.reason}`
    if (found.length === 0) return `${path}: no log was found there`
    this.#names = nameRuns(rootName, found, this.#names)
    const files = found.map((file) => ({ path: file.path, run: this.#names.get(file.path)! }))
    const curves = new CurvesByRun()
    const { totals, alerts } = await replayRuns(
      files,
      this.#rules,
      () => fileReads,
      () => undefined,
      [],
      (update) => curves.note(update),
    )
    for (const [file, total] of totals) if (total.problem !== null) return `${file}: cannot be read: ${total.problem}`
    return [...new Set(files.map(({ run }) => run))].map((run) => ({
      files: new Set(files.filter((file) => file.run === run).map((file) => resolve(file.path))),
      curves: curves.of(run),
      failure: failureIn(alerts.filter((alert) => alert.run === run)),
    }))
  }

  async #stored(name: string): Promise<readonly BaselineRun[]> {
    const reader = await this.#openReader()
    const { run, files } = findRun(await reader.runs(), name)
    const failure = failureIn(await reader.alerts({ run }))
    return [{ files: new Set(files), curves: await storedCurves(reader, run), failure }]
  }
}

/** What the training of a run failed of. That its job died, or went silent, says nothing against the losses before. */
function failureIn(alerts: readonly Alert[]): string | null {
  const failed = alerts.find(
    ({ severity, state, rule }) =>
      severity === 'critical' && state === 'firing' && rule !== crashed.name && rule !== stall.name,
  )
  return failed?.headline ?? null
}
