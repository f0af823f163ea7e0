import type { Role } from './sample.ts'
import type { MetricValue } from './value.ts'

/** The states that a run can be in, as docs/architecture.md defines them. */
export const RUN_STATES = ['running', 'finished', 'failed', 'crashed', 'idle'] as const

export type RunState = (typeof RUN_STATES)[number]

export interface RunSummary {
  readonly run: string
  readonly state: RunState
  readonly lastStep: number | null
  readonly files: readonly string[]
  readonly samples: number
  readonly batches: number
  readonly rejects: number
  readonly gaps: number
  /** Open alerts by severity. */
  readonly critical: number
  readonly warning: number
  /** The newest training loss (or the newest loss at all), if there is one. */
  readonly lastLoss: MetricValue | null
  readonly firstSeenAt: string
  /** When bytes last arrived, ISO 8601. */
  readonly lastReadAt: string
  readonly backfill: boolean
}

/** One line of a chart: one metric in one file of one run. */
export interface SeriesInfo {
  readonly id: number
  readonly run: string
  readonly file: string
  readonly metric: string
  readonly role: Role
  readonly samples: number
  readonly nonFinite: number
  /** Finite samples with a smaller ordinal are there summed up only: the rows were dropped. 0 where all are there. */
  readonly keptFrom: number
}
