import { describe, expect, test } from 'vitest'
import { sharedSpikes } from '../../../src/core/alerts/shared-spikes.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

interface Course {
  readonly at?: number
  readonly height?: number
  readonly lasts?: number
  readonly rate?: (step: number) => number
}

/** The alert of a run whose loss jumps for a step. */
function spikeIn(run: string, { at = 100, height = 9, lasts = 1, rate }: Course = {}): Alert {
  const records = Array.from({ length: 140 }, (_, step) => ({
    step,
    loss: step >= at && step < at + lasts ? height : 2 + (step % 7) / 100,
    ...(rate === undefined ? {} : { lr: rate(step) }),
  }))
  return { ...new WatchedRun().read('train.jsonl', jsonLines(...records)).alert('spike'), run, id: `id of ${run}` }
}

describe('the spikes of several runs', () => {
  test('at one step are a bad batch: likely in two of them, and strong in three', () => {
    const two = sharedSpikes([spikeIn('a', { height: 9 }), spikeIn('b', { height: 8 })])
    expect(two).toMatchObject([
      { run: 'a', cause: { code: 'R25-bad-batch', confidence: 'likely' } },
      { run: 'b', cause: { code: 'R25-bad-batch', confidence: 'likely' } },
    ])
    expect(messageOf(two[0]!)).toMatch(
      /^step 100: loss jumped to 9\. So did the loss of another run at this step \(b\): .* repair them\.$/,
    )
    const three = sharedSpikes([...two, spikeIn('c', { height: 7 })])
    expect(three.map(({ run, cause }) => [run, cause!.code !== null && cause!.confidence])).toEqual([
      ['a', 'strong'],
      ['b', 'strong'],
      ['c', 'strong'],
    ])
    expect(messageOf(three[0]!)).toMatch(/the loss of 2 other runs at this step \(b, c\)/)
  })

  test('are one though they are only noted, or got worse a step later in one of them', () => {
    const noted = [spikeIn('a', { height: 3 }), spikeIn('b', { height: 3.1 })]
    expect(noted.map(({ severity }) => severity)).toEqual(['info', 'info'])
    expect(sharedSpikes(noted)).toMatchObject([
      { severity: 'info', cause: { code: 'R25-bad-batch' } },
      { severity: 'info', cause: { code: 'R25-bad-batch' } },
    ])
    const staying = spikeIn('c', { height: 3.2, lasts: 2 })
    expect(staying).toMatchObject({ severity: 'warning', step: 101 })
    expect(sharedSpikes([noted[0]!, staying])).toMatchObject([
      { run: 'a', severity: 'info', cause: { code: 'R25-bad-batch' } },
      { run: 'c', severity: 'warning', cause: { code: 'R25-bad-batch' } },
    ])
  })

  test('keep their headline, whatever the name of the metric', () => {
    const headline = 'step 100: Train. Loss jumped to 9.'
    const spikes = [9, 8].map((height) => ({
      ...spikeIn(`run ${height}`, { height }),
      metric: 'Train. Loss',
      headline,
    }))
    const [alert] = sharedSpikes(spikes)
    expect(alert).toMatchObject({ headline, firstSign: null, cause: { code: 'R25-bad-batch' } })
    expect(alert!.why).toMatch(/^So did the loss of another run at this step \(run 8\): /)
  })

  test('that are explained once are not explained again, nor when one is forgotten', () => {
    const three = sharedSpikes([spikeIn('a', { height: 9 }), spikeIn('b', { height: 8 }), spikeIn('c', { height: 7 })])
    expect(sharedSpikes(three)).toEqual([])
    expect(sharedSpikes(three.slice(1))).toEqual([])
  })

  const apart: readonly { readonly name: string; readonly alerts: readonly Alert[] }[] = [
    { name: 'at steps side by side', alerts: [spikeIn('a'), spikeIn('b', { at: 101, height: 8 })] },
    { name: 'of one run', alerts: [spikeIn('a'), { ...spikeIn('a', { height: 8 }), id: 'other' }] },
    { name: 'of the same numbers, which are one job twice', alerts: [spikeIn('a'), spikeIn('b')] },
    {
      name: 'where the learning rate was raised',
      alerts: ['a', 'b'].map((run, index) =>
        spikeIn(run, { height: 9 - index, rate: (step) => (step < 98 ? 1e-3 : 2e-3) }),
      ),
    },
    {
      name: 'of other metrics',
      alerts: [spikeIn('a'), { ...spikeIn('b', { height: 8 }), metric: 'train/loss' }],
    },
    {
      name: 'without a step',
      alerts: ['a', 'b'].map((run, index) => ({ ...spikeIn(run, { height: 9 - index }), step: null })),
    },
  ]
  for (const { name, alerts } of apart) {
    test(`${name} say nothing of each other`, () => {
      expect(sharedSpikes(alerts)).toEqual([])
    })
  }
})
