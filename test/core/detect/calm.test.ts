import { describe, expect, test } from 'vitest'
import type { CalmInputs } from '../../../src/core/detect/detector.ts'
import { type DetectorInput, sightingOf } from '../../../src/core/detect/detector.ts'
import { type AnyDetector, DETECTORS } from '../../../src/core/detect/index.ts'
import { thresholdsOf } from '../../../src/core/detect/rule-setup.ts'
import type { Role, Sample } from '../../../src/protocol/sample.ts'
import type { Finite, JsonValue } from '../../../src/protocol/value.ts'
import { uniformDraws } from './noise.ts'

/** The metrics of the records, and in which curves they run; 4,000 values each. */
const VALUES = 4000
type Curve = (index: number, draw: () => number) => number
const CURVES: Readonly<Record<string, Curve>> = {
  'falls in noise': (index, draw) => 2.3 / (1 + index / 300) + 0.2 * draw(),
  'is flat': (_, draw) => 0.7 + 0.02 * draw(),
  'is written with three digits': (index, draw) => Number((0.5 + 1 / (1 + index / 50) + 0.05 * draw()).toFixed(3)),
  'is large, with heavy tails': (_, draw) => 4 + 3 * draw() ** 8,
  'jumps now and then': (index, draw) => (index % 900 === 899 ? 9 : 1) + 0.1 * draw(),
  'rises slowly': (index, draw) => 1 + index / 2000 + 0.1 * draw(),
  'is at chance': (_, draw) => Math.log(10) + 0.01 * (draw() - 0.5),
  'falls below zero': (index, draw) => 1 - index / 1500 + 0.05 * draw(),
}
const METRICS: readonly (readonly [metric: string, role: Role])[] = [
  ['loss', 'train_loss'],
  ['cross_entropy', 'train_loss'],
  ['val_loss', 'val_loss'],
  ['grad_norm', 'grad_norm'],
  ['lr', 'learning_rate'],
  ['accuracy', 'accuracy'],
]

function columnOf(curve: Curve, seed: number): Float64Array {
  const draw = uniformDraws(seed)
  return Float64Array.from({ length: VALUES }, (_, index) => curve(index, draw))
}

function sampleAt(metric: string, role: Role, values: Float64Array, index: number): Sample {
  const value = values[index]! as Finite
  return { metric, role, attempt: 0, ordinal: index, step: 10 * index, value, raw: null, offset: 50 * index } as Sample
}

/** Beside what a sample may stand: nothing, or another loss of its role, of the whole or of a part. */
interface Beside {
  readonly other?: Float64Array
  readonly isPart?: boolean
}

/** What a detector sees of a metric from one value on: samples, or records of a loss with a gradient norm and a rate. */
function inputsOf(
  kind: 'sample' | 'record',
  metric: string,
  role: Role,
  values: Float64Array,
  { other, isPart }: Beside = {},
): readonly DetectorInput[] {
  const draw = uniformDraws(5)
  const norms = Float64Array.from(values, () => 0.5 + draw())
  return Array.from(values, (_, index): DetectorInput => {
    const sample = sampleAt(metric, role, values, index)
    const seen = { kind: 'sample', sample, time: null, isBehind: false, epoch: index / 100 } as const
    const beside = { ...(other && { otherLosses: [other[index]! as Finite] }), ...(isPart && { isPart }) }
    if (kind === 'sample') return { ...seen, ...beside }
    const samples = [
      sample,
      sampleAt('grad_norm', 'grad_norm', norms, index),
      sampleAt('lr', 'learning_rate', norms, index),
    ]
    return { kind: 'record', at: sightingOf(seen), samples, zeroDecimals: {}, isBehind: false, hasMovingTarget: false }
  })
}

function calmInputs(all: readonly DetectorInput[], from: number, to: number): CalmInputs {
  const first = all[from]!
  const { metric, role } = first.kind === 'sample' ? first.sample : sightingOf(first)
  const columnsOf = (index: number) => {
    const seen = all[index]!
    return seen.kind === 'record' ? seen.samples : seen.kind === 'sample' ? [seen.sample] : []
  }
  const columns = columnsOf(from).map((sample, at) => ({
    metric: sample.metric,
    role: sample.role,
    values: Float64Array.from({ length: to - from }, (_, index) => Number(columnsOf(from + index)[at]!.value)),
  }))
  return {
    kind: first.kind,
    metric,
    role,
    attempt: 0,
    length: to - from,
    values: columns[0]!.values,
    steps: Float64Array.from({ length: to - from }, (_, index) => 10 * (from + index)),
    hasTimes: false,
    hasMovingTarget: false,
    isPart: first.kind === 'sample' && first.isPart === true,
    others: othersIn(all.slice(from, to)),
    columns: first.kind === 'record' ? columns : [],
    seenAt: (index) => all[from + index]!,
  }
}

function asSaved(state: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(state))
}

function othersIn(all: readonly DetectorInput[]): readonly Float64Array[] {
  const losses = all.map((seen) => (seen.kind === 'sample' ? (seen.otherLosses ?? []) : []))
  return losses[0]!.map((_, at) => Float64Array.from(losses, (others) => others[at]!))
}

/** How many values were taken calmly. Each block goes both ways; where nothing is found, both ways must end in one state. */
function calmValues(detector: AnyDetector, all: readonly DetectorInput[]): number {
  const params = thresholdsOf(detector, {})
  const draw = uniformDraws(9)
  let state: JsonValue = detector.start()
  let calm = 0
  for (let from = 0, to = 0; from < all.length; from = to) {
    to = Math.min(all.length, from + 1 + Math.floor(60 * draw()))
    const before = state
    const taken = detector.calm!(before, calmInputs(all, from, to), params)
    let found = 0
    for (const seen of all.slice(from, to)) {
      const outcome = detector.step(state, seen, params)
      found += outcome.findings.length
      state = outcome.state
    }
    if (taken === null) continue
    calm += to - from
    expect({ found, state: asSaved(taken) }).toEqual({ found: 0, state: asSaved(state) })
  }
  return calm
}

describe('many values at once give the state that each by itself gives', () => {
  for (const detector of DETECTORS.filter(({ calm }) => calm !== undefined))
    test(detector.name, () => {
      const taken: Record<string, number> = {}
      for (const [metric, role] of METRICS)
        for (const kind of ['sample', 'record'] as const) {
          if (!detector.watches(kind, metric, role)) continue
          for (const [curve, of] of Object.entries(CURVES)) {
            const values = columnOf(of, 3)
            const steps = values.map((value) => Math.floor(10 * value) / 10 + 0.05)
            const isLoss = kind === 'sample' && role !== 'grad_norm'
            const besides: readonly Beside[] = isLoss
              ? [{}, { other: columnOf(of, 7) }, { other: steps }, { other: steps, isPart: true }]
              : [{}]
            for (const beside of besides) {
              const calm = calmValues(detector, inputsOf(kind, metric, role, values, beside))
              taken[curve] = Math.max(taken[curve] ?? 0, calm)
            }
            // The mean of an epoch beside the loss of each step, and the other way round.
            if (isLoss) calmValues(detector, inputsOf(kind, metric, role, steps, { other: values }))
          }
        }
      // Of a run that learns nearly all.
      expect(taken['falls in noise']! / VALUES).toBeGreaterThan(0.5)
    })
})
