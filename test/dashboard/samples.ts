import type { SeriesInfo } from '../../src/protocol/run.ts'
import type { Role } from '../../src/protocol/sample.ts'
import type { MetricValue } from '../../src/protocol/value.ts'
import type { EnvelopeAnswer, SamplesAnswer } from '../../src/protocol/wire.ts'

export interface TestSample {
  readonly step: number | null
  readonly value: MetricValue
  readonly attempt?: number
}

export function infoOf(
  id: number,
  samples: number,
  metric = 'loss',
  role: Role = 'train_loss',
  file = 'train.log',
): SeriesInfo {
  return { id, run: 'a', file, metric, role, samples, nonFinite: 0, keptFrom: 0 }
}

/** The samples from ordinal `from` on, as GET /api/samples gives them. */
export function answerOf(id: number, all: readonly TestSample[], from = 0, limit = all.length): SamplesAnswer {
  const page = all.slice(from, from + limit)
  return {
    series: infoOf(id, all.length),
    ordinal: page.map((_, i) => from + i),
    step: page.map(({ step }) => step),
    attempt: page.map(({ attempt }) => attempt ?? 0),
    value: page.map(({ value }) => value),
    more: from + limit < all.length,
  }
}

/**
 * All samples in `buckets` buckets, as GET /api/envelope gives them: with the lowest and the
 * highest step of each, and the first NaN, Infinity and -Infinity. No bucket holds two attempts.
 */
export function envelopeOf(id: number, all: readonly TestSample[], buckets: number): EnvelopeAnswer {
  const size = Math.ceil(all.length / buckets)
  const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.slice(i * size, (i + 1) * size).map((sample, j) => ({ ...sample, ordinal: i * size + j })),
  ).flatMap(byAttempt)
  const steps = parts.map((part) => part.flatMap(({ step }) => (step === null ? [] : [step])))
  const finite = parts.map((part) => part.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])))
  return {
    series: { ...infoOf(id, all.length), nonFinite: all.filter(({ value }) => typeof value === 'string').length },
    ordinal: parts.map(([first]) => first!.ordinal),
    attempt: parts.map(([first]) => first!.attempt ?? 0),
    fromStep: steps.map(lowest),
    toStep: steps.map(highest),
    min: finite.map(lowest),
    max: finite.map(highest),
    lastOrdinal: all.length - 1,
    nonFinite: parts.flatMap((part) =>
      part
        .filter(({ value }, i) => typeof value === 'string' && part.findIndex((other) => other.value === value) === i)
        .map(({ step, ordinal, value }) => ({ step, ordinal, value })),
    ),
  }
}

function byAttempt<T extends TestSample>(part: readonly T[]): T[][] {
  const attempts = [...new Set(part.map(({ attempt }) => attempt))]
  return attempts.map((attempt) => part.filter((sample) => sample.attempt === attempt))
}

function lowest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}

function highest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}
