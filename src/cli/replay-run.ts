import type { Advance } from '../core/advance.ts'
import type { Rules } from '../core/read.ts'
import { EMPTY_MEMORY, type RunMemory } from '../core/runs/memory.ts'
import type { Alert } from '../protocol/alert.ts'
import type { ReplayFile, ReplayStep } from './replay.ts'

/** What was read of one file. */
export interface FileTotals {
  format: string | null
  samples: number
  batches: number
  rejects: number
  /** Why it could not be read to its end, or null. */
  problem: string | null
}

export interface ReplayedRun {
  /** Each alert as it stands at last, in the order in which they opened. */
  readonly alerts: readonly Alert[]
  /** By the path of the file. */
  readonly totals: ReadonlyMap<string, FileTotals>
}

/** Where the content of a file comes from. */
export type Source = (file: ReplayFile, memory: RunMemory, rules: Rules) => AsyncIterable<ReplayStep>

/** Reads all files of a run before anything is said: one file may explain what another shows. */
export async function replayRun(
  files: readonly ReplayFile[],
  rules: Rules,
  source: Source,
  onBytes: (bytes: number) => void,
): Promise<ReplayedRun> {
  const alerts = new Map<string, Alert>()
  const totals = new Map<string, FileTotals>()
  let memory: RunMemory = EMPTY_MEMORY
  for (const file of files) {
    const total: FileTotals = { format: null, samples: 0, batches: 0, rejects: 0, problem: null }
    totals.set(file.path, total)
    let last: Advance | null = null
    let bytesBefore = 0
    try {
      for await (const { outcome, bytesRead } of source(file, memory, rules)) {
        last = outcome
        for (const { alert } of outcome.transitions) alerts.set(alert.id, alert)
        onBytes(bytesRead - bytesBefore)
        bytesBefore = bytesRead
      }
    } catch (error) {
      total.problem = error instanceof Error ? error.message : String(error)
    }
    if (last === null) continue
    memory = last.memory
    Object.assign(total, last.file.counts, { format: last.file.reader.format })
  }
  return { alerts: [...alerts.values()], totals }
}
