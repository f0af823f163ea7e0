import type { Alert } from '../../src/protocol/alert.ts'
import type { RunSummary } from '../../src/protocol/run.ts'

export const AT = '2026-03-01T08:00:00.000Z'

/** A critical alert of the run `a`, but for `fields`. */
export function alert(id: string, fields: Partial<Alert> = {}): Alert {
  return {
    id,
    run: 'a',
    rule: 'non-finite',
    state: 'firing',
    severity: 'critical',
    metric: 'loss',
    role: 'train_loss',
    step: 90,
    attempt: 0,
    file: 'train.log',
    offset: 1,
    value: 'NaN',
    time: null,
    detectedAt: AT,
    resolvedAt: null,
    resolvedStep: null,
    headline: 'step 90: loss is NaN.',
    firstSign: null,
    why: '',
    cause: null,
    signs: [],
    partOf: null,
    related: [],
    backfill: false,
    ...fields,
  }
}

/** A healthy run, but for `fields`. */
export function run(name: string, fields: Partial<RunSummary> = {}): RunSummary {
  return {
    run: name,
    state: 'running',
    stateSince: null,
    stateKnownBy: null,
    stateReason: null,
    lastStep: 1000,
    files: [],
    samples: 0,
    batches: 0,
    rejects: 0,
    gaps: 0,
    critical: 0,
    warning: 0,
    lastLoss: null,
    hasLoss: false,
    firstSeenAt: AT,
    lastReadAt: AT,
    backfill: false,
    ...fields,
  }
}
