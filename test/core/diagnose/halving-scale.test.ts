import { describe, expect, test } from 'vitest'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

/** A log in which the loss scale is halved at each step, down to a floor. */
function halving(floor: number, lossAt: (step: number) => number | string | null): WatchedRun {
  const records = Array.from({ length: 24 }, (_, step) => {
    const loss = lossAt(step)
    return { step, loss_scale: Math.max(floor, 65536 / 2 ** step), ...(loss === null ? {} : { loss }) }
  })
  return new WatchedRun().read('train.jsonl', jsonLines(...records))
}

describe('a loss scale that only falls', () => {
  test('to its floor beside a finite loss has collapsed: no scale would do', () => {
    const alert = halving(1, (step) => 2 - step / 100).alert('loss-scale')
    expect(alert).toMatchObject({ step: 10, cause: { code: null } })
    expect(halving(1 / 8, (step) => 2 - step / 100).alert('masked-nan').cause).toMatchObject({
      code: 'R8-loss-scale-collapse',
      confidence: 'likely',
    })
  })

  test('at once to its floor is R8, and strong where the loss is seen to be finite', () => {
    const records = [65536, 256, 1].map((loss_scale, step) => ({ step, loss: 2, loss_scale }))
    const run = new WatchedRun({ detectors: { 'loss-scale': { collapse: 1e9 } } }).read(
      'a.jsonl',
      jsonLines(...records),
    )
    expect(run.alert('loss-scale').cause).toMatchObject({ code: 'R8-loss-scale-collapse', confidence: 'strong' })
    const bare = new WatchedRun({ detectors: { 'loss-scale': { collapse: 1e9 } } }).read(
      'a.jsonl',
      jsonLines(...records.map(({ step, loss_scale }) => ({ step, loss_scale }))),
    )
    expect(bare.alert('loss-scale').cause).toMatchObject({ code: 'R8-loss-scale-collapse', confidence: 'likely' })
  })

  test('beside a loss that is no number shows only that the model is broken', () => {
    const alert = halving(1, (step) => (step > 3 ? 'NaN' : 2)).alert('loss-scale')
    expect(alert.cause).toMatchObject({
      code: null,
      candidates: ['R9-nan-in-model', 'R7-float16-overflow', 'R8-loss-scale-collapse'],
    })
  })
})
