import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertsOf, failuresOf } from '../../../src/core/alerts/failure.ts'
import type { Raise } from '../../../src/core/detect/finding.ts'
import type { Sighting } from '../../../src/core/detect/rule.ts'
import { type WriteIntervals, withLines } from '../../../src/core/job/write-intervals.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import { observeRun } from '../../../src/core/pipeline/log-rules.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import type { RuleName } from '../../../src/protocol/alert.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { metricValue } from '../../../src/protocol/value.ts'
import { contextOf, evidenceOf, logZeroFinding, nonFiniteFinding, spikeFinding } from '../diagnose/findings.ts'
import { batchOf } from '../measure/batches.ts'
import { WatchedRun } from '../pipeline/watched-run.ts'
import { clearing, History } from './history.ts'

const HOLDER = { pid: 4711, name: 'python3' }
const PACE = Array.from({ length: 20 }, (_, at) => at * 10_000).reduce<WriteIntervals | undefined>(
  (before, ms) => withLines(before, ms, { isPause: false }),
  undefined,
)!
const GRADIENT: Partial<Sighting> = { metric: 'grad_norm', role: 'grad_norm' }
const ZERO_BATCH = batchOf('probs', [[1, 0]], [1])
const ZERO = evidenceOf(ZERO_BATCH)

function spike(step: number | null, at: Partial<Sighting> = {}): Raise {
  const { at: seen, ...finding } = spikeFinding(9, { level: 1, z: 20 })
  return { ...finding, at: { ...seen, step, ...at } }
}

function exploding(step: number): Raise {
  const facts = { level: 1, ratio: 90, risesInARow: 3, samplesToOverflow: null }
  const at = { ...spike(step).at, value: metricValue(90) }
  return { kind: 'raise', rule: 'exploding', severity: 'critical', at, facts }
}

function saturation(step: number): Raise {
  const { at, ...finding } = logZeroFinding(ZERO)
  const facts = { measure: measureBatch(ZERO_BATCH), stepsLeft: 20 }
  return { ...finding, rule: 'saturation', at: { ...at, step }, facts }
}

function nan(step: number | null, at: Partial<Sighting> = {}): Raise {
  return nonFiniteFinding({ step, ...at })
}

const clear = (rule: RuleName, step: number) => clearing(rule, { step })

describe('the signs of one failure', () => {
  const failed = () => new History().take(spike(806)).take(exploding(810)).take(nan(812)).take(spike(812, GRADIENT))

  test('keep their sentences whole where the name of a metric holds a full stop', () => {
    const named: Partial<Sighting> = { metric: 'Train. Loss' }
    const { headline, firstSign, why } = new History().take(spike(806, named)).take(nan(812, named)).alerts[0]!
    expect(headline).toBe('step 812: Train. Loss is NaN.')
    expect(firstSign).toBe('The first sign was at step 806: spike, Train. Loss at 9.')
    expect(why).toMatch(/^The last finite value was/)
  })

  test('are one alert, which opens with the first and gets worse with the others', () => {
    const history = failed()
    expect(history.news).toEqual([
      'firing warning spike loss 806',
      'updated critical exploding loss 810',
      'updated critical non-finite loss 812',
    ])
    expect(history.alerts).toHaveLength(1)
    expect(history.alerts[0]).toMatchObject({
      id: history.transitions[0]!.alert.id,
      state: 'firing',
      signs: [
        { rule: 'spike', severity: 'warning', step: 806, metric: 'loss', file: 'train.log' },
        { rule: 'exploding', severity: 'critical', step: 810 },
        { rule: 'non-finite', severity: 'critical', step: 812 },
      ],
    })
  })

  test('are told with the first of them', () => {
    expect(messageOf(new History().take(spike(806)).take(nan(812)).alerts[0]!)).toMatch(
      /^step 812: loss is NaN\. The first sign was at step 806: spike, loss at 9\. The last finite value/,
    )
    expect(messageOf(failed().alerts[0]!)).toMatch(/^step 812: loss is NaN\. It began before: step 810: loss is 90\. /)
  })

  test('that are graver than what follows keep it quiet', () => {
    const history = new History().take(nan(812)).take(exploding(815)).take(spike(820))
    expect(history.news).toEqual(['firing critical non-finite loss 812'])
    expect(history.alerts[0]!.signs.map(({ rule }) => rule)).toEqual(['non-finite', 'exploding', 'spike'])
    expect(history.alerts[0]!.firstSign).toBeNull()
  })

  test('are over with the last of them', () => {
    const history = failed().take(clear('non-finite', 822)).take(clear('exploding', 825))
    expect(history.alerts[0]).toMatchObject({ state: 'firing', severity: 'critical', resolvedStep: null })
    history.take(clear('spike', 840)).take(clearing('spike', { ...GRADIENT, step: 841 }))
    expect(history.news.slice(3)).toEqual(['resolved critical non-finite loss 812'])
    expect(history.alerts[0]).toMatchObject({ state: 'resolved', resolvedStep: 841 })
  })

  test('take the cause of the one that knows it best', () => {
    const history = new History()
      .take(nan(812))
      .take(logZeroFinding({ ...ZERO, reportedLoss: 'NaN' }, 'critical'), {}, ZERO)
    expect(history.news).toEqual(['firing critical non-finite loss 812', 'updated critical non-finite loss 812'])
    expect(history.alerts[0]).toMatchObject({
      rule: 'non-finite',
      cause: { code: 'R1-log-zero' },
      headline: 'step 812: loss is NaN.',
      firstSign: expect.stringMatching(/^With it came this: step 812: the unclipped cross-entropy/),
    })
  })

  test('include a warning of log(0), which does not keep the failure open once it has come', () => {
    const history = new History().take(saturation(790)).take(logZeroFinding(ZERO))
    expect(history.alerts[0]).toMatchObject({ rule: 'log-zero', signs: [{ rule: 'saturation' }, { rule: 'log-zero' }] })
    history.take(clearing('log-zero', { metric: 'nanwatch/cross_entropy', step: 830 }))
    expect(history.alerts[0]).toMatchObject({ state: 'resolved', resolvedStep: 830 })
  })

  test('are those of one that soon became critical, where one of its signs still stood; long after it is another', () => {
    const until = (step: number) =>
      new History()
        .take(spike(806))
        .take(logZeroFinding({ ...ZERO, step: 812 }))
        .take(clearing('log-zero', { metric: 'nanwatch/cross_entropy', step: 830 }))
        .take(nan(step))
    const rulesOf = (history: History) =>
      history.alerts.filter(({ partOf }) => partOf === null).map(({ signs }) => signs.map(({ rule }) => rule))
    expect(rulesOf(until(850))).toEqual([['spike', 'log-zero', 'non-finite']])
    expect(rulesOf(until(1100))).toHaveLength(2)
  })

  test('stay known however many incidents end meanwhile', () => {
    const history = new History().take(nan(812)).take(spike(813)).take(clear('spike', 833))
    for (let step = 2000; step < 3000; step += 50) history.take(spike(step)).take(clear('spike', step + 20))
    history.take(clear('non-finite', 3100))
    expect(history.alerts[0]!.signs.map(({ step }) => step)).toEqual([812, 813])
    expect(history.incidents.closed.length).toBeLessThanOrEqual(8)
  })
})

describe('what is no sign of the same failure', () => {
  const cases: readonly { readonly name: string; readonly history: () => History }[] = [
    { name: 'a spike long after a NaN that stays', history: () => new History().take(nan(812)).take(spike(1100)) },
    {
      name: 'a spike that had recovered before',
      history: () => new History().take(spike(780)).take(clear('spike', 800)).take(nan(812)),
    },
    {
      name: 'a NaN of another metric',
      history: () => new History().take(spike(810)).take(nan(812, { metric: 'x', role: 'other' })),
    },
    {
      name: 'a spike of the next attempt',
      history: () => new History().take(nan(812)).take(spike(812, { attempt: 1 })),
    },
    {
      name: 'what another file shows, where the logs have no steps',
      history: () => new History().take(nan(null)).take(spike(null), { file: 'other.log' }),
    },
  ]
  for (const { name, history } of cases) {
    test(`is ${name}`, () => {
      expect(history().alerts.map(({ signs }) => signs)).toEqual([[], []])
      expect(history().news.filter((line) => line.startsWith('firing'))).toHaveLength(2)
    })
  }

  test('is what happens later in the time of a sign that never ends', () => {
    const history = new History().take(saturation(100))
    for (let step = 200; step < 20_000; step += 400) {
      history.take(logZeroFinding({ ...ZERO, step }))
      history.take(clearing('log-zero', { metric: 'nanwatch/cross_entropy', step: step + 10 }))
    }
    expect(history.alerts).toHaveLength(50)
    expect(history.news.filter((line) => line.startsWith('resolved'))).toHaveLength(50)
    expect(history.incidents.closed.length).toBeLessThan(10)
  })

  test('is told by the records of the log and not by its steps', () => {
    const everyHundred = {
      ...contextOf({}).trend,
      loss: [100, 200, 300].map((step) => ({ metric: 'loss', step, value: metricValue(1) })),
    }
    const history = new History(everyHundred).take(nan(1000)).take(spike(5000))
    expect(history.alerts).toHaveLength(1)
  })

  test('stays one in a file without steps after one of its signs is over', () => {
    const history = new History().take(nan(null)).take(spike(null, { offset: 5000 }))
    expect(history.alerts).toHaveLength(1)
    history.take(clearing('spike', { step: null, offset: 6000 }))
    expect(history.alerts.map(({ rule, state }) => `${rule} ${state}`)).toEqual(['non-finite firing'])
    expect(history.news).toEqual(['firing critical non-finite loss null'])
  })

  test('is two in a file without steps where the one was over before the other began', () => {
    const history = new History().take(spike(null, { offset: 5000 }))
    history.take(clearing('spike', { step: null, offset: 6000 })).take(nan(null, { offset: 7000 }))
    expect(history.alerts).toHaveLength(2)
  })
})

test('the alerts are the same in whatever order the files of a run are read', () => {
  const sign = fc.record({ step: fc.integer({ min: 1, max: 600 }), lasts: fc.option(fc.integer({ min: 1, max: 300 })) })
  const rules: readonly [RuleName, (step: number) => Raise][] = [
    ['spike', spike],
    ['exploding', exploding],
    ['non-finite', nan],
    ['saturation', saturation],
  ]
  fc.assert(
    fc.property(fc.tuple(sign, sign, sign, sign), fc.array(fc.nat(3), { maxLength: 8 }), (signs, order) => {
      const files = signs.map(({ step, lasts }, at) => {
        const [rule, raise] = rules[at]!
        const finding = raise(step)
        const end = lasts === null ? [] : [{ kind: 'clear' as const, rule, at: { ...finding.at, step: step + lasts } }]
        return [finding, ...end]
      })
      const read = (turns: readonly number[]) => {
        const left = files.map((findings) => [...findings])
        const history = new History()
        for (const file of turns) {
          const finding = left[file]!.shift()
          if (finding !== undefined) history.take(finding, { file: `${file}.log` })
        }
        return history.alerts.sort((a, b) => a.id.localeCompare(b.id))
      }
      const each = [0, 0, 1, 1, 2, 2, 3, 3]
      expect(read([...order, ...each])).toEqual(read(each))
    }),
    { numRuns: 300 },
  )
})

describe('the death of a job', () => {
  const steps = (from: number, to: number, loss = (step: number) => String(3 - step / 100)) =>
    Array.from({ length: to - from + 1 }, (_, at) => `step ${from + at} loss ${loss(from + at)}`)
  const error = (text: string) => ['Traceback (most recent call last):', '  File "t.py", line 3, in <module>', text]
  const seen = (...lines: string[]) => {
    const { alerts } = new WatchedRun().read('train.log', `${lines.join('\n')}\n`, true)
    return { alerts, shown: alerts.filter(({ partOf }) => partOf === null) }
  }

  test('is a sign of the loss that failed, which the job says, and however long it went on', () => {
    for (const until of [41, 900]) {
      const { shown } = seen(...steps(1, 40), ...steps(41, until, () => 'nan'), 'NaN detected in loss, aborting.')
      expect(shown).toMatchObject([{ rule: 'non-finite', headline: 'step 41: loss is NaN.' }])
      expect(shown[0]!.signs.map(({ rule }) => rule)).toContain('crashed')
      expect(shown[0]!.why).toMatch(/Then, step \d+: the job ended: NaN detected in loss, aborting\.$/)
    }
  })

  test('is a sign of the loss where the job says that it ends for it, and a signal 9 ended it', () => {
    const end = ['NaN detected in loss, aborting.', 'train.sh: line 9: 4711 Killed  python t.py']
    expect(seen(...steps(1, 40), ...steps(41, 60, () => 'nan'), ...end).shown).toMatchObject([{ rule: 'non-finite' }])
  })

  test('is a sign of a loss that failed where it says little else', () => {
    const { shown } = seen(...steps(1, 40), ...steps(41, 60, () => 'nan'), ...error("KeyError: 'x'"))
    expect(shown).toMatchObject([{ rule: 'non-finite' }])
  })

  test('is a failure of its own where it has another reason, or the loss is well', () => {
    const memory = error('torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB')
    expect(seen(...steps(1, 40), ...steps(41, 60, () => 'nan'), ...memory).shown).toHaveLength(2)
    expect(seen(...steps(1, 60), 'step 61 loss 60', ...steps(62, 64), ...error("KeyError: 'x'")).shown).toHaveLength(2)
    for (const end of ['exit code 137', 'train.sh: line 9: 4711 Killed  python t.py'])
      expect(seen(...steps(1, 40), ...steps(41, 60, () => 'nan'), end).shown).toHaveLength(2)
    const caught = seen(...steps(1, 40), 'step 41 loss nan', ...error('ValueError: x'), ...steps(42, 60))
    expect(caught.shown.map(({ rule, why }) => `${rule} ${why.includes('Then, ')}`)).toEqual([
      'non-finite false',
      'crashed false',
    ])
    const again = [...steps(1, 40), 'step 41 loss nan', ...steps(42, 300), ...error("KeyError: 'x'")]
    expect(seen(...again).shown.filter(({ state }) => state === 'firing')).toMatchObject([{ rule: 'crashed' }])
  })

  test('is told by all of its ranks: one that had another reason makes it a failure of its own', () => {
    const failing = [...steps(1, 40), ...steps(41, 60, () => 'nan')]
    const shownBy = (...files: string[][]) => {
      const run = new WatchedRun()
      for (const [rank, lines] of files.entries()) run.read(`rank_${rank}.log`, `${lines.join('\n')}\n`, true)
      return run.alerts.filter(({ partOf }) => partOf === null).map(({ rule }) => rule)
    }
    const torn = [...failing, ...error('BrokenPipeError: [Errno 32] Broken pipe')]
    const memory = [...failing, ...error('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB')]
    for (const files of [
      [torn, memory],
      [memory, torn],
    ])
      expect(shownBy(...files).sort()).toEqual(['crashed', 'non-finite'])
    const killed = ['srun: error: node1: task 0: Killed']
    expect(shownBy(torn, killed).sort()).toEqual(['crashed', 'non-finite'])
    expect(shownBy(failing, [...failing, ...error('FloatingPointError: loss is NaN')], killed)).toEqual(['non-finite'])
  })

  test('takes in the silence that it ended, and keeps its id', () => {
    const silence = { kind: 'silence', intervals: PACE, nowMs: 700_000, holder: HOLDER, lostAfterMs: 600_000 } as const
    const place = { run: 'exp7', file: 'train.log', nowIso: '2026-01-01T10:20:00.000Z', backfill: false }
    const run = new WatchedRun().read('train.log', `${steps(1, 20).join('\n')}\n`)
    const stalled = observeRun(run.memory, silence, {}, place, () => NEW_FILE)
    run.memory = stalled.memory
    run.read('train.log', `${[...steps(1, 20), ...error("KeyError: 'x'")].join('\n')}\n`)
    const after = { ...place, nowIso: 'now' }
    const { memory } = observeRun(run.memory, { kind: 'growth' }, {}, after, () => NEW_FILE)
    const failures = failuresOf(memory.incidents).map((failure) => alertsOf(failure))
    expect(failures).toHaveLength(1)
    expect(failures[0]![0]).toMatchObject({ rule: 'crashed', state: 'firing', id: stalled.transitions[0]!.alert.id })
    expect(failures[0]![0]!.firstSign).toMatch(/^It began before: /)
  })
})
