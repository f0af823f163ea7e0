import type { Point } from '../../../src/core/causes/circumstances.ts'
import type { Raise } from '../../../src/core/detect/finding.ts'
import type { Sighting } from '../../../src/core/detect/rule.ts'
import type { BatchEvidence, Context } from '../../../src/core/diagnose/diagnosis.ts'
import { searchBatch } from '../../../src/core/loss-search/batch-search.ts'
import { NO_LIKELIHOODS } from '../../../src/core/loss-search/likelihood.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import type { Severity } from '../../../src/protocol/alert.ts'
import { type Finite, metricValue } from '../../../src/protocol/value.ts'

const LOSS: Sighting = {
  metric: 'loss',
  role: 'train_loss',
  step: 812,
  attempt: 0,
  offset: 4000,
  value: 'NaN',
  time: null,
}

/** A loss of NaN at step 812, unless it is said otherwise. */
export function nonFiniteFinding(at: Partial<Sighting> = {}, severity: Severity = 'critical'): Raise {
  const facts = { lastFinite: 2.25 as Finite, lastFiniteStep: 811 }
  return { kind: 'raise', rule: 'non-finite', severity, at: { ...LOSS, ...at }, facts }
}

export function explodingFinding(value: number, facts: { level: number; risesInARow: number }): Raise {
  return {
    kind: 'raise',
    rule: 'exploding',
    severity: 'critical',
    at: { ...LOSS, value: metricValue(value) },
    facts: { ratio: 99, samplesToOverflow: null, ...facts },
  }
}

export function spikeFinding(value: number, facts: { level: number; z: number }): Raise {
  return {
    kind: 'raise',
    rule: 'spike',
    severity: 'warning',
    at: { ...LOSS, value: metricValue(value) },
    facts: { ratio: 99, course: 'large', since: null, ...facts },
  }
}

export function logZeroFinding(batch: BatchEvidence, severity: Severity = 'warning'): Raise {
  const { step, attempt, offset, measure, reportedLoss } = batch
  return {
    kind: 'raise',
    rule: 'log-zero',
    severity,
    at: {
      metric: 'nanwatch/cross_entropy',
      role: 'other',
      step,
      attempt,
      offset,
      value: measure.crossEntropy,
      time: null,
    },
    facts: { measure, reportedLoss },
  }
}

export function evidenceOf(batch: PredictionBatch, about: Partial<BatchEvidence> = {}): BatchEvidence {
  const measure = measureBatch(batch)
  const { reportedLoss = null, attempt = 0 } = about
  return {
    file: 'predictions.jsonl',
    step: 812,
    attempt,
    offset: 90_000,
    measure,
    reportedLoss,
    lossSearch: searchBatch(NO_LIKELIHOODS, { ...batch, reportedLoss }, measure, attempt).result,
    ...about,
  }
}

/** What was logged before the finding: the values at steps 1, 2, 3, …, and the batch in use. */
export function contextOf(
  trend: { gradNorm?: readonly number[]; learningRate?: readonly number[]; loss?: readonly number[] },
  batch: BatchEvidence | null = null,
): Context {
  return {
    trend: {
      gradNorm: points('grad_norm', trend.gradNorm),
      learningRate: points('lr', trend.learningRate),
      loss: points('loss', trend.loss),
    },
    batch,
  }
}

function points(metric: string, values: readonly number[] = []): Point[] {
  return values.map((value, index): Point => ({ metric, step: index + 1, value: metricValue(value) }))
}
