import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from './watched-run.ts'

const PREDICTED = [
  [0.41, 0.37],
  [0.83, 0.22],
  [0.97, 0.45],
  [1, 1],
]

/** The causes of all alerts of a binary loss that ends so, read in both orders. */
function codesOf(labels: readonly number[], losses: readonly (number | string)[]): readonly (string | null)[] {
  const batches = jsonLines(...PREDICTED.map((probs, step) => ({ step, probs, labels })))
  const log = losses.map((loss, step) => `step ${step} | loss: ${loss}\n`).join('')
  const [codes, inOtherOrder] = [
    new WatchedRun().read('train.log', log, true).read('preds.jsonl', batches, true),
    new WatchedRun().read('preds.jsonl', batches, true).read('train.log', log, true),
  ].map(({ alerts }) =>
    alerts.filter(({ severity }) => severity === 'critical').map(({ cause }) => cause?.code ?? null),
  )
  expect(inOtherOrder).toEqual(codes)
  return codes!
}

describe('a loss of −∞ in another file than its predictions', () => {
  test('comes of targets outside of [0, 1], and of no logarithm of 0', () => {
    const codes = codesOf([200, 0], [-31.42, -158.9, -402.7, '-inf'])
    expect(codes).toContain('R12-target-outside-0-1')
    expect(codes).not.toContain('R1-log-zero')
  })

  test('has no cause here where the targets are sound', () => {
    for (const code of codesOf([1, 0], [0.677, 0.217, 0.314, '-inf'])) expect(code).toBeNull()
  })

  test('while one of +∞ is that of a logarithm of 0', () => {
    expect(codesOf([1, 0], [0.677, 0.217, 0.314, 'inf'])).toContain('R1-log-zero')
  })
})
