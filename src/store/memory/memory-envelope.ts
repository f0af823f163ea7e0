import { isFinite } from '../../protocol/value.ts'
import type { EnvelopeAnswer } from '../../protocol/wire.ts'
import type { HeldSample, HeldSeries } from './contents.ts'

/** Divides a series into about `buckets` groups of neighbouring samples of one attempt, each with its extremes. */
export function memoryEnvelope({ info, samples }: HeldSeries, buckets: number): EnvelopeAnswer {
  const size = Math.max(1, Math.ceil(samples.length / buckets))
  const groups = new Map<string, HeldSample[]>()
  for (const sample of samples) {
    const key = `${sample.attempt} ${Math.floor(sample.ordinal / size)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [sample])
    else group.push(sample)
  }
  const parts = [...groups.values()]
  return {
    series: info,
    ordinal: parts.map(([first]) => first!.ordinal),
    attempt: parts.map(([first]) => first!.attempt),
    fromStep: parts.map((part) => extreme(part, ({ step }) => step, Math.min)),
    toStep: parts.map((part) => extreme(part, ({ step }) => step, Math.max)),
    min: parts.map((part) => extreme(part, finiteOf, Math.min)),
    max: parts.map((part) => extreme(part, finiteOf, Math.max)),
    lastOrdinal: samples.at(-1)?.ordinal ?? -1,
    nonFinite: parts
      .flatMap(firstOfEachKind)
      .sort((a, b) => a.ordinal - b.ordinal)
      .map(({ step, ordinal, value }) => ({ step, ordinal, value })),
  }
}

function finiteOf({ value }: HeldSample): number | null {
  return isFinite(value) ? value : null
}

function extreme(
  part: readonly HeldSample[],
  of: (sample: HeldSample) => number | null,
  better: (a: number, b: number) => number,
): number | null {
  return part.reduce<number | null>((best, sample) => {
    const next = of(sample)
    return best === null || next === null ? (best ?? next) : better(best, next)
  }, null)
}

function firstOfEachKind(part: readonly HeldSample[]): HeldSample[] {
  const bad = part.filter(({ value }) => !isFinite(value))
  return bad.filter(({ value }, i) => bad.findIndex((other) => other.value === value) === i)
}
