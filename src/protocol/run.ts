import type { Role } from './sample.ts'
import type { MetricValue } from './value.ts'

/**
 * The states that a run can be in, as docs/architecture.md defines them.
 *
 * `idle` stands in databases of earlier versions only, until their run is judged again.
 */
export const RUN_STATES = [
  'starting',
  'running',
  'stalled',
  'ended',
  'finished',
  'failed',
  'crashed',
  'lost',
  'idle',
] as const

export type RunState = (typeof RUN_STATES)[number]

/**
 * How a state is known: by what the logs say, by who holds them open for writing, by a silence, by an alert, or because
 * the logs are being written.
 */
export const STATE_SOURCES = ['log', 'process', 'silence', 'alert', 'writes'] as const

export type StateSource = (typeof STATE_SOURCES)[number]

/** The state of a run, since when it is in it, and how that is known. */
export interface RunStatus {
  readonly state: RunState
  /** When bytes last arrived before the run came into this state, ISO 8601. A database of an earlier version does not say. */
  readonly stateSince: string | null
  /** Null where a database of an earlier version does not say. */
  readonly stateKnownBy: StateSource | null
  /** One sentence for people, which says how the state is known; null like the others. */
  readonly stateReason: string | null
}

export interface RunSummary extends RunStatus {
  readonly run: string
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
  /** Whether a loss was read, or recomputed from predictions. */
  readonly hasLoss: boolean
  readonly firstSeenAt: string
  /** When bytes last arrived, ISO 8601. */
  readonly lastReadAt: string
  readonly backfill: boolean
}

/** Whether values of a run were read and no loss among them: it looks watched, and nobody would see it fail. */
export function lacksLoss({ samples, hasLoss }: Pick<RunSummary, 'samples' | 'hasLoss'>): boolean {
  return samples > 0 && !hasLoss
}

/** The same in words. */
export const NO_LOSS = 'values were read, and no loss among them: whether its training goes well is not known'

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
