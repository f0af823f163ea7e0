import type { Alert } from '../../src/protocol/alert.ts'
import { metricValue } from '../../src/protocol/value.ts'

/** An alert with every field, for tests of what is printed of one. */
export const ALERT: Alert = {
  id: '0abc',
  run: 'exp7',
  rule: 'spike',
  state: 'firing',
  severity: 'warning',
  metric: 'loss',
  role: 'train_loss',
  step: 20,
  attempt: 0,
  file: 'train.log',
  offset: null,
  value: metricValue(29.7),
  time: null,
  detectedAt: '2026-01-01T00:00:00.000Z',
  resolvedAt: null,
  resolvedStep: null,
  headline: 'step 20: loss is 29.7.',
  firstSign: null,
  why: 'It grew.',
  cause: null,
  signs: [],
  partOf: null,
  related: [],
  backfill: false,
}
