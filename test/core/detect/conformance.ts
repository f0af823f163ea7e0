import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Detector, type DetectorInput, sightingOf } from '../../../src/core/detect/detector.ts'
import { type Finding, stamped } from '../../../src/core/detect/finding.ts'
import { type AnyDetector, DETECTORS, RULES } from '../../../src/core/detect/index.ts'
import type { Thresholds } from '../../../src/core/detect/rule.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import type { Role } from '../../../src/protocol/sample.ts'
import type { JsonValue } from '../../../src/protocol/value.ts'
import { seenBatch, seenRecord, seenSample } from './observations.ts'

/** What a detector is shown to be tested: all it may look at must be of the kind that it watches. */
export interface Example {
  /** A healthy stretch, longer than any warm-up or recovery. */
  readonly healthy: readonly DetectorInput[]
  /** A stretch after it in which the detector raises its alarm. */
  readonly fault: readonly DetectorInput[]
  /** Values that are no numbers, or that hold none. */
  readonly poison: readonly DetectorInput[]
}

/** What every detector promises, whatever it looks for. A new one that passes this keeps the contract. */
export function testDetector<Facts, Params extends Thresholds, State extends JsonValue>(
  detector: Detector<string, Facts, Params, State>,
  example: Example,
): void {
  const { name, defaults } = detector
  const anything = fc.array(anySeen(detector, example), { maxLength: 120 })

  function fold(seen: readonly DetectorInput[], between: (state: State, index: number) => State): Finding[] {
    let state = detector.start()
    return seen.flatMap((observation, index) => {
      const outcome = detector.step(between(state, index), observation, defaults)
      state = outcome.state
      return outcome.findings.map((found) => stamped(name, found, sightingOf(observation)))
    })
  }

  function kindsIn(seen: readonly DetectorInput[]): string[] {
    return fold(seen, (state) => state).map((finding) => finding.kind)
  }

  describe(`the contract of a detector, kept by ${name}`, () => {
    test('it is in the list, and its rule among the rules', () => {
      expect(DETECTORS).toContain(detector)
      expect(RULES).toContain(detector)
    })

    test('it raises its alarm on a fault and on nothing before it', () => {
      expect(kindsIn(example.healthy)).toEqual([])
      expect(kindsIn([...example.healthy, ...example.fault])).toContain('raise')
    })

    test('where the reads are cut and its state is saved never changes the verdict', () => {
      fc.assert(
        fc.property(anything, fc.nat(10), (seen, everyNth) => {
          const saved = fold(seen, (state, index) => (index % (everyNth + 1) === 0 ? reload(state) : state))
          expect(encodeJson(saved)).toBe(encodeJson(fold(seen, (state) => state)))
        }),
      )
    })

    test('its state and its findings can be written as JSON, whatever the log holds', () => {
      fc.assert(
        fc.property(anything, (seen) => {
          const findings = fold(seen, (state) => {
            expect(() => encodeJson(state)).not.toThrow()
            return state
          })
          expect(() => encodeJson(findings)).not.toThrow()
        }),
      )
    })

    test('it changes neither its state nor what it is shown', () => {
      fc.assert(
        fc.property(anything, (seen) => {
          deepFreeze(defaults)
          const once = fold(deepFreeze(seen), deepFreeze)
          expect(fold(seen, deepFreeze)).toEqual(once)
          expect(detector.start()).toEqual(detector.start())
        }),
      )
    })

    test('it ends only what it began, and begins nothing twice unless it got worse', () => {
      const rank = { info: 0, warning: 1, critical: 2 }
      fc.assert(
        fc.property(anything, (seen) => {
          let severity = -1
          for (const finding of fold(seen, (state) => state)) {
            if (finding.kind === 'clear') expect(severity).toBeGreaterThanOrEqual(0)
            else expect(rank[finding.severity]).toBeGreaterThan(severity)
            severity = finding.kind === 'clear' ? -1 : rank[finding.severity]
          }
        }),
      )
    })

    test('a finding says where it was made', () => {
      const seen = [...example.healthy, ...example.fault]
      const places = seen.map((observation) => (observation.kind === 'sample' ? observation.sample : observation.at))
      for (const { at } of fold(seen, (state) => state)) {
        expect(places).toContainEqual(expect.objectContaining({ metric: at.metric, step: at.step, value: at.value }))
      }
    })

    test('a NaN or Infinity anywhere before does not hide a fault after it', () => {
      const { healthy, fault, poison } = example
      const undisturbed = kindsIn([...healthy, ...fault]).filter((kind) => kind === 'raise')
      fc.assert(
        fc.property(fc.subarray([...poison], { minLength: 1 }), fc.nat(healthy.length), (bad, where) => {
          const disturbed = [...healthy.slice(0, where), ...bad, ...healthy.slice(where), ...healthy]
          const before = kindsIn(disturbed).filter((kind) => kind === 'raise').length
          const all = kindsIn([...disturbed, ...fault]).filter((kind) => kind === 'raise')
          expect(all.slice(before)).toEqual(undisturbed)
        }),
        { numRuns: 50 },
      )
    })

    test('what it does not watch leaves no trace', () => {
      const others = [seenSample(Number.NaN), seenBatch([0]), seenSample(1e9), seenRecord({ loss: 1e9, lr: 0 })].filter(
        (seen) => !watches(detector, seen),
      )
      for (const seen of others) {
        const state = detector.start()
        expect(detector.step(state, seen, defaults)).toEqual({ state, findings: [] })
      }
    })
  })
}

function watches(detector: Pick<AnyDetector, 'watches'>, seen: DetectorInput): boolean {
  const { metric, role } = seen.kind === 'sample' ? seen.sample : seen.at
  return detector.watches(seen.kind, metric, role)
}

/** As the store gives it back. */
function reload<State>(state: State): State {
  return decodeJson(encodeJson(state))
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}

const oddValues = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, 1.7e308, -1.7e308, 1e-5, -3, 1e12)

/** Losses as they come: near each other for a while, then anything. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0.4, max: 0.6, noNaN: true }) },
  { weight: 2, arbitrary: oddValues },
  { weight: 1, arbitrary: fc.double() },
)

/** Learning rates, most of them 0. */
const rate = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: value })

function anySeen(detector: Pick<AnyDetector, 'watches'>, { healthy: [first] }: Example): fc.Arbitrary<DetectorInput> {
  const own = first?.kind === 'sample' ? first.sample : { metric: 'loss', role: 'train_loss' as const }
  const sample = fc
    .record({
      raw: value,
      step: fc.option(fc.nat(50)),
      attempt: fc.nat({ max: 1 }),
      isBehind: fc.boolean(),
      role: fc.constantFrom<Role>('train_loss', 'val_loss', own.role),
      metric: fc.constantFrom('loss', own.metric),
    })
    .map(({ raw, ...about }) => seenSample(raw, about))
  const probability = fc.oneof(fc.constantFrom(0, 1, Number.NaN), fc.double({ min: 0, max: 1, noNaN: true }))
  const batch = fc
    .record({
      rows: fc.array(probability, { minLength: 1, maxLength: 3 }),
      reported: fc.oneof(
        fc.constant({}),
        value.map((reported) => ({ reported })),
      ),
    })
    .map(({ rows, reported }) => seenBatch(rows, reported))
  const record = fc
    .record({
      values: fc.record({ loss: value, lr: rate, gradNorm: value }, { requiredKeys: ['loss'] }),
      about: fc.record({
        step: fc.option(fc.nat(50)),
        attempt: fc.nat({ max: 1 }),
        isBehind: fc.boolean(),
        zeroDecimals: fc.constantFrom(undefined, 4, 6),
        metric: fc.constantFrom('loss', 'train_loss'),
      }),
    })
    .map(({ values, about }) => seenRecord(values, about))
  return fc.oneof(sample, batch, record).filter((seen) => watches(detector, seen))
}
