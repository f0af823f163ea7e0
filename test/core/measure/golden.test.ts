import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import * as crossEntropy from '../../../src/core/measure/cross-entropy.ts'
import * as divergence from '../../../src/core/measure/divergence.ts'
import * as entropy from '../../../src/core/measure/entropy.ts'
import * as logistic from '../../../src/core/measure/logistic.ts'
import type { PredictionBatch, PredictionKind } from '../../../src/core/measure/prediction-batch.ts'
import * as squaredError from '../../../src/core/measure/squared-error.ts'
import { type MetricValue, toNumber } from '../../../src/protocol/value.ts'
import { expectNear } from './near.ts'

type Value = MetricValue | readonly Value[]

type Mean =
  | 'crossEntropy'
  | 'crossEntropyClipped'
  | 'entropy'
  | 'entropyBits'
  | 'entropyShare'
  | 'klDivergence'
  | 'squaredError'
  | 'perplexity'
  | 'accuracy'
  | 'crossEntropyBits'
  | 'klReverse'
  | 'mutualInformation'
  | 'confidence'
  | 'calibrationError'
  | 'chanceLevel'
  | 'labelEntropy'

interface GoldenBatch {
  readonly name: string
  readonly kind: PredictionKind
  readonly n: number
  readonly k: number
  readonly epsilon: number
  readonly values: readonly MetricValue[]
  readonly labels: 'hard' | 'soft'
  readonly targets: readonly number[]
  readonly expected: Readonly<Record<Mean, MetricValue>>
}

interface Golden {
  readonly calls: readonly { readonly fn: string; readonly args: readonly Value[]; readonly expected: Value }[]
  readonly batches: readonly GoldenBatch[]
}

/** Made by golden.py, which says how. */
const golden: Golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'))

const functions: Readonly<Record<string, unknown>> = {
  ...crossEntropy,
  ...divergence,
  ...entropy,
  ...logistic,
  ...squaredError,
}

describe('one value agrees with SciPy and mpmath', () => {
  for (const { fn, args, expected } of golden.calls) {
    test(`${fn}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, () => {
      const compute = functions[fn] as (...args: unknown[]) => number | Float64Array
      const actual = compute(...args.map(numbers))
      const wanted = numbers(expected)
      if (typeof wanted === 'number' || typeof actual === 'number') {
        expectNear(actual as number, wanted as number, 1e-13)
      } else {
        expect(actual.length).toBe(wanted.length)
        wanted.forEach((value, i) => {
          expectNear(actual[i]!, value as number, 1e-13)
        })
      }
    })
  }
})

describe('a batch agrees with SciPy and scikit-learn', () => {
  for (const case_ of golden.batches) {
    test(case_.name, () => {
      const measure = measureBatch(batchOf(case_), case_.epsilon)
      for (const [mean, expected] of Object.entries(case_.expected) as [Mean, MetricValue][]) {
        // Near 0 the oracle's own cancellations are larger than any relative bound.
        expectNear(toNumber(measure[mean]), toNumber(expected), 1e-12, 1e-15)
      }
    })
  }
})

function batchOf({ kind, n, k, values, labels, targets }: GoldenBatch): PredictionBatch {
  const numbersOfLabels = Float64Array.from(targets)
  return {
    step: null,
    kind,
    n,
    k,
    values: Float64Array.from(values, toNumber),
    labels: labels === 'hard' ? { kind: 'hard', classes: numbersOfLabels } : { kind: 'soft', targets: numbersOfLabels },
    reportedLoss: null,
  }
}

function numbers(value: Value): number | readonly (number | readonly unknown[])[] {
  return Array.isArray(value) ? value.map(numbers) : toNumber(value as MetricValue)
}
