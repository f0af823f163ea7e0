import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { cutLines } from '../../../src/core/reading/cut.ts'
import { asNanwatchLines } from '../../../src/core/reading/nanwatch-line.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { utf8 } from '../reading/bytes.ts'
import { jsonLines, RULES, WatchedRun } from './watched-run.ts'

const HEALTHY = Array.from({ length: 12 }, (_, step) => ({ step, loss: 2 - step / 100, grad_norm: 1 }))
const ZERO_AT_12 = {
  step: 12,
  probs: [
    [0.5, 0.5],
    [1, 0],
  ],
  labels: [0, 1],
}

describe('one file', () => {
  test('becomes samples with their place, their number and their meaning', () => {
    const text = jsonLines({ step: 1, loss: 0.5, lr: 0.001 }, { step: 2, loss: 'NaN', lr: 0.001 })
    const at = (place: object) => ({ attempt: 0, timeMs: null, epoch: null, ...place })
    expect(new WatchedRun().read('train.jsonl', text).samples).toEqual([
      at({ metric: 'loss', role: 'train_loss', value: 0.5, raw: null, ordinal: 0, step: 1, offset: 0 }),
      at({ metric: 'lr', role: 'learning_rate', value: 0.001, raw: null, ordinal: 0, step: 1, offset: 0 }),
      at({ metric: 'loss', role: 'train_loss', value: 'NaN', raw: 'NaN', ordinal: 1, step: 2, offset: 33 }),
      at({ metric: 'lr', role: 'learning_rate', value: 0.001, raw: null, ordinal: 1, step: 2, offset: 33 }),
    ])
  })

  test('has samples with the epoch and the time of their record, or that of a write that was watched', () => {
    const text = jsonLines({ step: 1, loss: 0.5, epoch: 0.25, time: '2026-03-01 12:00:00' }, { step: 2, loss: 0.4 })
    const samples = (writtenMs?: number) => {
      const run = new WatchedRun()
      if (writtenMs !== undefined) run.seen = { writtenMs }
      return [...run.read('train.jsonl', text).samples].map(({ timeMs, epoch }) => [timeMs, epoch])
    }
    const logged = [Date.parse('2026-03-01T12:00:00Z'), 0.25]
    const nowhere = jsonLines({ step: 1, loss: 0.5, time: '2026-03-01T12:00:00+99:99' })
    expect([...new WatchedRun().read('train.jsonl', nowhere).samples][0]!.timeMs).toBeNull()
    expect(samples()).toEqual([logged, [null, null]])
    expect(samples(1_772_000_000_000.25)).toEqual([logged, [1_772_000_000_000, null]])
  })

  test('that dies of a NaN raises one alert at the very byte', () => {
    const before = jsonLines(...HEALTHY)
    const run = new WatchedRun().read('train.jsonl', before + jsonLines({ step: 12, loss: 'NaN', grad_norm: 'NaN' }))
    expect(run.alerts).toHaveLength(1)
    expect(run.alert('non-finite')).toMatchObject({
      run: 'exp7',
      file: 'train.jsonl',
      severity: 'critical',
      metric: 'loss',
      step: 12,
      offset: before.length,
      value: 'NaN',
      related: [{ file: 'train.jsonl', metric: 'grad_norm', step: 12 }],
      state: 'firing',
    })
  })

  test('that is healthy raises none', () => {
    const losses = Array.from({ length: 500 }, (_, step) => ({ step, loss: 2.3 / (1 + step / 50), grad_norm: 1 }))
    expect(new WatchedRun().read('train.jsonl', jsonLines(...losses), true).alerts).toEqual([])
  })

  test('is followed through a resumption: the samples of the new attempt are numbered on', () => {
    const text = jsonLines(...[8, 9, 4, 5].map((step) => ({ step, loss: 1 })))
    const { samples } = new WatchedRun().read('train.jsonl', text)
    expect([...samples].map(({ step, attempt, ordinal }) => [step, attempt, ordinal])).toEqual([
      [8, 0, 0],
      [9, 0, 1],
      [4, 1, 2],
      [5, 1, 3],
    ])
  })

  test('that a job was started again into is no spike and no explosion', () => {
    const once = Array.from({ length: 300 }, (_, step) => ({ step, loss: 2.3 * 0.98 ** step }))
    expect(new WatchedRun().read('train.jsonl', jsonLines(...once, ...once)).alerts).toEqual([])
  })

  test('explains a NaN by the gradient norm of the same record, whichever is named first', () => {
    for (const last of [
      { loss: 'NaN', grad_norm: 4000 },
      { grad_norm: 4000, loss: 'NaN' },
    ]) {
      const run = new WatchedRun().read('train.jsonl', jsonLines(...HEALTHY, { step: 12, ...last }))
      expect(run.alert('non-finite').cause).toMatchObject({ code: 'R24-exploding-weights' })
    }
  })

  test('too short to show its format is read once its writer has left', () => {
    const run = new WatchedRun().read('train.log', 'loss: nan\n')
    expect(run.samples).toEqual([])
    expect(run.read('train.log', 'loss: nan\n', true).alert('non-finite')).toMatchObject({ offset: 0, step: null })
  })

  test('shows a spike and its end', () => {
    const losses = Array.from({ length: 200 }, (_, step) => ({ step, loss: step === 100 ? 9 : 2 + (step % 7) / 100 }))
    const run = new WatchedRun().read('train.jsonl', jsonLines(...losses))
    const ofSpike = run.transitions.filter(({ alert }) => alert.rule === 'spike')
    expect(ofSpike.map(({ kind }) => kind)).toEqual(['firing', 'resolved'])
    expect(run.alert('spike')).toMatchObject({ step: 100, resolvedStep: 120, severity: 'warning' })
  })
})

describe('predictions', () => {
  test('in the record of a failed loss give its cause at once', () => {
    const run = new WatchedRun().read('train.jsonl', jsonLines({ ...ZERO_AT_12, loss: 'Infinity' }))
    expect(run.alert('non-finite')).toMatchObject({
      step: 12,
      cause: { code: 'R1-log-zero', confidence: 'likely' },
      headline: 'step 12: loss is Infinity.',
      why: expect.stringMatching(/^1 of 2 rows gave .* \(row 1\)/),
    })
    expect(run.alert('log-zero')).toMatchObject({ severity: 'critical', metric: 'nanwatch/cross_entropy' })
  })

  test('become recomputed series beside the reported loss', () => {
    const { samples, batches } = new WatchedRun().read('p.jsonl', jsonLines({ ...ZERO_AT_12, loss: 0.7 }))
    const values = Object.fromEntries([...samples].map(({ metric, value }) => [metric, value]))
    expect(values).toMatchObject({ loss: 0.7, 'nanwatch/cross_entropy': 'Infinity', 'nanwatch/accuracy': 0.5 })
    expect([...samples].every(({ step, offset }) => step === 12 && offset === 0)).toBe(true)
    expect(batches).toMatchObject([{ ordinal: 0, step: 12, attempt: 0, offset: 0, reportedLoss: 0.7 }])
  })

  test('with a zero are a warning before the log says anything', () => {
    const run = new WatchedRun().read('p.jsonl', jsonLines(ZERO_AT_12))
    expect(run.alert('log-zero')).toMatchObject({ severity: 'warning', cause: { confidence: 'likely' } })
  })

  const losses = jsonLines(...HEALTHY, { step: 12, loss: 'NaN', grad_norm: 1 })
  const recovered =
    losses + jsonLines(...Array.from({ length: 20 }, (_, i) => ({ step: 13 + i, loss: 1, grad_norm: 1 })))
  const clean = Array.from({ length: 20 }, (_, i) => ({ step: 13 + i, probs: [[0.5, 0.5]], labels: [1] }))
  const zero = jsonLines(ZERO_AT_12)
  const offTruth = jsonLines({ step: 12, probs: [[0, 1]], labels: [1] })
  const bothWays: readonly {
    readonly name: string
    readonly losses: string
    readonly batches: string
    readonly code: string
  }[] = [
    { name: 'a zero on the truth', losses, batches: zero, code: 'R1-log-zero' },
    { name: 'a zero beside the truth', losses, batches: offTruth, code: 'R2-zero-times-log-zero' },
    { name: 'a loss that recovered since', losses: recovered, batches: zero, code: 'R1-log-zero' },
    { name: 'predictions that recovered since', losses, batches: zero + jsonLines(...clean), code: 'R1-log-zero' },
    { name: 'a run that recovered since', losses: recovered, batches: zero + jsonLines(...clean), code: 'R1-log-zero' },
    {
      name: 'predictions that were broken before',
      losses,
      batches: jsonLines({ step: 12, probs: [['NaN', 'NaN']], labels: [1] }),
      code: 'R9-nan-in-model',
    },
    {
      name: 'a gradient that broke the model a step before',
      losses: jsonLines(
        ...HEALTHY,
        { step: 12, loss: 46, grad_norm: 'NaN' },
        { step: 13, loss: 'NaN', grad_norm: 'NaN' },
      ),
      batches: jsonLines(
        { step: 12, probs: [[1, 1e-40]], labels: [1] },
        { step: 13, probs: [['NaN', 'NaN']], labels: [1] },
      ),
      code: 'R28-nan-gradient',
    },
    {
      name: 'zeros in many batches before, which did no harm',
      losses,
      batches: jsonLines(...Array.from({ length: 40 }, (_, i) => ({ ...ZERO_AT_12, step: i - 39 + 11 })), ZERO_AT_12),
      code: 'R1-log-zero',
    },
  ]
  for (const { name, losses, batches, code } of bothWays) {
    test(`in another file give the same alerts, whichever is read first: ${name}`, () => {
      const lossFirst = new WatchedRun().read('loss.jsonl', losses).read('preds.jsonl', batches)
      const batchFirst = new WatchedRun().read('preds.jsonl', batches).read('loss.jsonl', losses)
      expect(batchFirst.alert('non-finite').cause).toMatchObject({ code })
      expect(byRule(lossFirst.alerts)).toEqual(byRule(batchFirst.alerts))
    })
  }

  test('of a step that failed in an earlier attempt explain nothing in this one', () => {
    const first = jsonLines({ step: 5, loss: 1 }, { step: 12, loss: 'NaN' })
    const second = jsonLines({ step: 3, loss: 1 }, { step: 4, loss: 1 }, { step: 12, loss: 1 })
    const preds = jsonLines(...[5, 12, 3, 4].map((step) => ({ step, probs: [[0.5, 0.5]], labels: [1] })), ZERO_AT_12)
    const run = new WatchedRun().read('loss.jsonl', first + second).read('preds.jsonl', preds)
    expect(run.alert('log-zero')).toMatchObject({ attempt: 1, severity: 'warning' })
  })

  test('without steps are not taken for those of another file that begin at the same byte', () => {
    const run = new WatchedRun()
      .read('preds.jsonl', jsonLines({ probs: [[1, 0]], labels: [1] }))
      .read('loss.jsonl', jsonLines({ loss: 'NaN' }))
    expect(run.alert('non-finite').cause).toMatchObject({ code: 'C29-nan-loss', confidence: 'weak' })
  })

  test('blame nothing on a log(0) where that rule is switched off', () => {
    const run = new WatchedRun({ detectors: { 'log-zero': false } })
      .read('preds.jsonl', jsonLines(ZERO_AT_12))
      .read('loss.jsonl', losses)
    expect(run.alerts.map(({ rule }) => rule)).toEqual(['non-finite'])
    expect(run.alert('non-finite').cause).toMatchObject({ code: 'R1-log-zero' })
  })

  test('that recovered end the alert that the loss of another file had made critical', () => {
    const run = new WatchedRun()
      .read('preds.jsonl', zero)
      .read('loss.jsonl', losses)
      .read('preds.jsonl', zero + jsonLines(...clean))
    expect(run.alert('log-zero')).toMatchObject({ severity: 'critical', file: 'preds.jsonl', state: 'resolved' })
  })
})

test('damage is told with what it began with', () => {
  const run = new WatchedRun().read(
    'train.jsonl',
    jsonLines(
      { step: 12, loss: 46, grad_norm: 'NaN', probs: [[1, 1e-40]], labels: [1] },
      { step: 13, loss: 'NaN', grad_norm: 'NaN', probs: [['NaN', 'NaN']], labels: [1] },
    ),
  )
  expect(messageOf(run.alert('non-finite'))).toMatch(
    /^step 13: loss is NaN\. It began before: step 12: grad_norm is NaN\. Row 0 gave the true class a probability of 1e-40/,
  )
})

describe('a loss and its predictions in two files', () => {
  const fine = { probs: [[0.5, 0.5]], labels: [1] }

  test('give the same alerts, however the reads of the one come between those of the other', () => {
    const p = fc.constantFrom(0, 0.5, 0.5, 1, 'NaN')
    const loss = fc.constantFrom(1, 1, 1, 'NaN', 'Infinity')
    // No more than the memory of a run holds.
    const rows = fc.array(fc.tuple(loss, p), { maxLength: 16 })
    fc.assert(
      fc.property(rows, fc.array(fc.boolean(), { minLength: 32, maxLength: 32 }), (steps, turns) => {
        const losses = steps.map(([value], step) => jsonLines({ step, loss: value }))
        const batches = steps.map(([, q], step) =>
          jsonLines({ step, probs: [[q, q === 'NaN' ? q : 1 - Number(q)]], labels: [0] }),
        )
        const inTurns = new WatchedRun()
        const read = { losses: 0, batches: 0 }
        for (const isLoss of turns) {
          if (isLoss) inTurns.read('loss.jsonl', losses.slice(0, ++read.losses).join(''))
          else inTurns.read('preds.jsonl', batches.slice(0, ++read.batches).join(''))
        }
        inTurns.read('loss.jsonl', losses.join('')).read('preds.jsonl', batches.join(''))
        const oneByOne = new WatchedRun().read('loss.jsonl', losses.join('')).read('preds.jsonl', batches.join(''))
        expect(withoutWhy(inTurns.alerts)).toEqual(withoutWhy(oneByOne.alerts))
      }),
      { numRuns: 500 },
    )
  }, 120_000)

  test('keep a cause once it is given, however long the run goes on failing', () => {
    const losses = [...HEALTHY, ...Array.from({ length: 100 }, (_, i) => ({ step: 12 + i, loss: 'NaN' }))]
    const batches = [
      ...HEALTHY.map(({ step, loss }) => ({ step, probs: [[1 - Math.exp(-loss), Math.exp(-loss)]], labels: [1] })),
      ZERO_AT_12,
      ...Array.from({ length: 99 }, (_, i) => ({ step: 13 + i, probs: [['NaN', 'NaN']], labels: [1] })),
    ]
    const run = new WatchedRun()
    for (const length of losses.keys()) {
      run.read('preds.jsonl', jsonLines(...batches.slice(0, length + 1)))
      run.read('loss.jsonl', jsonLines(...losses.slice(0, length + 1)))
    }
    expect(run.alert('non-finite')).toMatchObject({ step: 12, cause: { code: 'R1-log-zero', confidence: 'strong' } })
    expect(run.transitions.filter(({ alert, isNews }) => alert.rule === 'non-finite' && isNews)).toHaveLength(1)
  })

  const innocent = /The predictions of this batch do not explain it: recomputed from them, its loss is 0\.6931\./
  test('clear the predictions of suspicion when the loss of the newest batch fails', () => {
    const run = new WatchedRun()
      .read('preds.jsonl', jsonLines({ step: 12, ...fine }))
      .read('loss.jsonl', jsonLines({ step: 12, loss: 'NaN' }))
    expect(messageOf(run.alert('non-finite'))).toMatch(innocent)
  })

  test('clear them as well when they arrive after the loss', () => {
    const run = new WatchedRun()
      .read('loss.jsonl', jsonLines({ step: 12, loss: 'NaN' }))
      .read('preds.jsonl', jsonLines({ step: 12, ...fine }))
    expect(messageOf(run.alert('non-finite'))).toMatch(innocent)
  })
})

function withoutWhy(alerts: readonly Alert[]): object[] {
  return byRule(alerts).map(({ firstSign: _, why: __, ...rest }) => rest)
}

function byRule(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort((a, b) => a.rule.localeCompare(b.rule) || a.id.localeCompare(b.id))
}

describe('rules', () => {
  test('are switched off one by one, and their figures can be set', () => {
    const text = jsonLines(...HEALTHY, { step: 12, loss: 'NaN' }, { step: 13, loss: 1 })
    expect(new WatchedRun({ detectors: { 'non-finite': false } }).read('a', text).alerts).toEqual([])
    const quick = new WatchedRun({ detectors: { 'non-finite': { recoverySamples: 1 } } }).read('a', text)
    expect(quick.alert('non-finite').state).toBe('resolved')
  })

  test('that were saved by another version begin anew', () => {
    const { file, memory } = advance(readOf(jsonLines({ step: 1, loss: 'NaN' })), NEW_FILE, EMPTY_MEMORY, RULES)
    const loss = file.series['loss']!
    const old = { ...loss, detectors: { 'non-finite': { version: 0, state: { shape: 'unknown' } } } }
    const next = advance(readOf(jsonLines({ step: 2, loss: 'NaN' })), { ...file, series: { loss: old } }, memory, RULES)
    expect(next.file.series['loss']?.detectors['non-finite']).toEqual({
      version: 1,
      state: {
        lastFinite: null,
        lastFiniteStep: null,
        firing: true,
        finiteInARow: 0,
        holes: { finite: 0, broken: 1, longest: 0 },
        mayComeBack: false,
      },
    })
  })

  test('see the clip at the ε that was asked for', () => {
    const run = new WatchedRun({ epsilon: 1e-3 }).read('p.jsonl', jsonLines(ZERO_AT_12))
    expect(run.batches[0]?.measure.epsilon).toBe(1e-3)
    expect(run.alert('log-zero').why).toContain('Clipped at 0.001')
  })
})

test('a file that is no text is rejected once, as a whole', () => {
  const outcome = advance({ ...readOf(''), content: { ...NO_LINES, turnsBinary: true } }, NEW_FILE, EMPTY_MEMORY, RULES)
  expect(outcome.rejects).toEqual([
    { run: 'exp7', file: 'a', offset: 0, reason: 'binary', detail: expect.stringContaining('not a text'), excerpt: '' },
  ])
})

function readOf(text: string) {
  const { lines, longLines } = cutLines({
    bytes: utf8(text),
    encoding: 'utf-8',
    base: 0,
    inLongLine: false,
    capBytes: 1e6,
    isFinal: false,
  })
  const content = { ...NO_LINES, lines, longLines }
  return { run: 'exp7', file: 'a', content, isFinal: false, backfillUntil: 0, nowIso: 'now' }
}

describe('the end of a run', () => {
  const records = jsonLines(...HEALTHY)
  const crash = 'Traceback (most recent call last):\n  File "train.py", line 5, in <module>\nRuntimeError: boom\n'
  const cases: readonly {
    readonly name: string
    readonly reads: readonly (readonly [string, string])[]
    readonly ends: object | null
  }[] = [
    { name: 'is not known while records come', reads: [['a', records]], ends: null },
    { name: 'is a traceback', reads: [['a', records + crash]], ends: { kind: 'crashed', file: 'a' } },
    {
      name: 'is its last words',
      reads: [['a', `${records}Training finished\n`]],
      ends: { kind: 'finished', file: 'a' },
    },
    { name: 'is taken back by a record after it', reads: [['a', records + crash + records]], ends: null },
    {
      name: 'is taken back in a later read',
      reads: [
        ['a', records + crash],
        ['a', records + crash + records],
      ],
      ends: null,
    },
    {
      name: 'is a traceback in another file',
      reads: [
        ['a', records],
        ['err', crash],
      ],
      ends: { kind: 'crashed', file: 'err' },
    },
    {
      name: 'is not taken back by a record of another file, written before it maybe',
      reads: [
        ['err', crash],
        ['a', records],
      ],
      ends: { kind: 'crashed', file: 'err' },
    },
    {
      name: 'is a crash, though it says that it finished',
      reads: [
        ['a', records + crash],
        ['b', 'Training finished\n'],
      ],
      ends: { kind: 'crashed' },
    },
  ]
  for (const { name, reads, ends } of cases) {
    test(name, () => {
      const run = new WatchedRun()
      for (const [file, text] of reads) run.read(file, text)
      if (ends === null) expect(run.memory.ending).toBeNull()
      else expect(run.memory.ending).toMatchObject(ends)
    })
  }
})

describe('the memory of a run', () => {
  test('holds its last step and its last training loss', () => {
    const run = new WatchedRun().read('a', jsonLines({ step: 1, loss: 2 }, { step: 2, loss: 'NaN' }))
    expect(run.memory).toMatchObject({ lastStep: 2, lastLoss: 'NaN' })
  })

  test('holds no validation loss in place of a training loss', () => {
    const run = new WatchedRun().read('a', jsonLines({ step: 1, val_loss: 3 }))
    expect(run.memory.lastLoss).toBe(3)
    run.read('b', jsonLines({ step: 1, loss: 2 }, { step: 2, val_loss: 3 }))
    expect(run.memory.lastLoss).toBe(2)
  })

  test('stays small, however long a run goes on failing', () => {
    const failing = (count: number) =>
      jsonLines(...Array.from({ length: count }, (_, step) => ({ ...ZERO_AT_12, step, loss: 'NaN' })))
    const short = encodeJson(new WatchedRun().read('a', failing(100)).memory).length
    const long = encodeJson(new WatchedRun().read('a', failing(1000)).memory).length
    expect(long).toBeLessThan(short * 1.1)
  })
})

test('the state of a file stays small, however long it is', () => {
  const text = (count: number) =>
    jsonLines(...Array.from({ length: count }, (_, step) => ({ step, loss: 1, grad_norm: 1, lr: 1 })))
  const short = encodeJson(advance(readOf(text(100)), NEW_FILE, EMPTY_MEMORY, RULES).file).length
  const long = encodeJson(advance(readOf(text(3000)), NEW_FILE, EMPTY_MEMORY, RULES).file).length
  expect(long).toBeLessThan(short * 1.2)
})

describe('back-fill', () => {
  const old = jsonLines({ step: 1, loss: 1 }, { step: 2, loss: 'NaN' })

  test('is what stood before the offset: its alerts are marked and no news', () => {
    const run = new WatchedRun({}, old.length).read('a', old)
    expect(run.alert('non-finite').backfill).toBe(true)
    expect(run.transitions.some(({ isNews }) => isNews)).toBe(false)
  })

  test('ends at the offset: what is found behind it is news', () => {
    const run = new WatchedRun({}, old.length - 1).read('a', old)
    expect(run.alert('non-finite').backfill).toBe(true)
    const late = new WatchedRun({}, old.indexOf('{"step":2')).read('a', old)
    expect(late.alert('non-finite').backfill).toBe(false)
    expect(late.transitions).toMatchObject([{ isNews: true }])
  })
})

describe('a line that does not read', () => {
  test('is rejected with its path, its offset, its reason and how it begins', () => {
    const good = jsonLines({ step: 1, loss: 1 })
    const broken = `{"step": 2, "loss": 0.5, "note": "${'ü'.repeat(300)}`
    const run = new WatchedRun().read('train.jsonl', `${good}${broken}\n${good}`)
    expect(run.rejects).toEqual([
      {
        run: 'exp7',
        file: 'train.jsonl',
        offset: good.length,
        reason: 'broken-json',
        detail: expect.any(String),
        excerpt: broken.slice(0, 200),
      },
    ])
    expect(run.samples).toHaveLength(2)
  })

  test('because it is too long is rejected, and the next one is read', () => {
    const good = 'step 1 | loss: 0.5\nstep 2 | loss: 0.5\n'
    const long = `step 3 | loss: 0.5 ${'é'.repeat(300_000)}\n`
    const run = new WatchedRun().read('train.log', good).read('train.log', `${good}${long}step 4 | loss: 0.5\n`)
    expect(run.rejects).toEqual([
      {
        run: 'exp7',
        file: 'train.log',
        offset: good.length,
        reason: 'line-too-long',
        detail: 'longer than 262144 bytes',
        excerpt: long.slice(0, 200),
      },
    ])
    expect([...run.samples].map(({ step }) => step)).toEqual([1, 2, 4])
  })

  test('is counted, as samples and batches are', () => {
    const text = `${jsonLines({ step: 1, loss: 1 }, { ...ZERO_AT_12, loss: 1 })}{"step": 2, "loss"\n`
    const outcome = advance(readOf(text), NEW_FILE, EMPTY_MEMORY, RULES)
    expect(outcome.file.counts).toEqual({ samples: outcome.samples.length, batches: 1, rejects: 1 })
  })
})

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 100, max: 300 }).map((hundredths) => hundredths / 100) },
  { weight: 1, arbitrary: fc.constantFrom('NaN', 'Infinity', '-Infinity', 1e9) },
)
const step = fc.oneof({ weight: 6, arbitrary: fc.constant('next' as const) }, { weight: 1, arbitrary: fc.nat(40) })

/** A line of a log, given the step at which it stands. */
const logLine: fc.Arbitrary<(at: number) => string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(value, value).map(
      ([loss, grad_norm]) =>
        (at: number) =>
          jsonLines({ step: at, loss, grad_norm }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(0, 0.5, 1, 'NaN'), fc.option(value)).map(
      ([p, loss]) =>
        (at: number) =>
          jsonLines({
            step: at,
            probs: [[p, p === 'NaN' ? p : 1 - Number(p)]],
            labels: [0],
            ...(loss === null ? {} : { loss }),
          }),
    ),
  },
  { weight: 2, arbitrary: value.map((loss) => (at: number) => `step ${at} | loss: ${loss}\n`) },
  {
    weight: 1,
    arbitrary: value.map((loss) => (at: number) => `{'step': ${at}, 'loss': ${String(loss).toLowerCase()}}\r\n`),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '\n',
        '{"step": 3, "loss"\n',
        'Epoch 1 ∞\r',
        'Traceback (most recent call last):\n',
        'step,loss\n',
        'done\n',
      )
      .map((text) => () => text),
  },
)

const log = fc.array(fc.tuple(logLine, step), { maxLength: 60 }).map((lines) => {
  let at = 0
  return lines
    .map(([line, jump]) => {
      at = jump === 'next' ? at + 1 : jump
      return line(at)
    })
    .join('')
})

describe('how a log was cut into reads', () => {
  test('changes nothing: samples, batches, rejects, alerts and states are the same', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(6000), { maxLength: 12 }), (text, sizes) => {
        const bytes = utf8(text)
        const whole = new WatchedRun().read('train.log', bytes).read('train.log', bytes, true)
        const cut = new WatchedRun()
        for (const size of sizes.sort((a, b) => a - b)) cut.read('train.log', bytes.subarray(0, size))
        cut.read('train.log', bytes).read('train.log', bytes, true)
        expect(cut.history).toEqual(whole.history)
      }),
      { numRuns: 500 },
    )
  }, 60_000)

  test('line by line changes nothing', () => {
    fc.assert(
      fc.property(log, (text) => {
        const whole = new WatchedRun().read('train.log', text, true)
        const cut = new WatchedRun()
        for (let end = 0; end <= text.length; end++) {
          if (text[end - 1] === '\n') cut.read('train.log', text.slice(0, end))
        }
        expect(cut.read('train.log', text, true).history).toEqual(whole.history)
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  test('leaves the states that went in as they were', () => {
    fc.assert(
      fc.property(log, log, (first, second) => {
        const before = advance(readOf(first), NEW_FILE, EMPTY_MEMORY, RULES)
        const copy = encodeJson([before.file, before.memory])
        const once = advance(readOf(second), before.file, before.memory, RULES)
        expect(encodeJson([before.file, before.memory])).toBe(copy)
        expect(advance(readOf(second), before.file, before.memory, RULES)).toEqual(once)
      }),
      { numRuns: 200 },
    )
  })
})

test('a metric may be called as the members of every object are', () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
  const line = (step: number) =>
    `{"step": ${step}, "loss": 1, ${names.map((name) => `"${name}": ${step}`).join(', ')}}\n`
  const first = advance(readOf(line(1)), NEW_FILE, EMPTY_MEMORY, RULES)
  const next = advance(readOf(line(2)), decodeJson(encodeJson(first.file)), first.memory, RULES)
  for (const { samples } of [first, next])
    expect([...samples].map(({ metric }) => metric).toSorted()).toEqual(['loss', ...names].toSorted())
  expect([...next.samples].map(({ ordinal }) => ordinal)).toEqual([1, 1, 1, 1, 1])
})

test('what nanwatch itself printed into the log of a job is not read', () => {
  const said = asNanwatchLines('CRITICAL exp7 non-finite 14b60jaen66\n  step 2: loss is NaN.\n\nstep 3 loss nan\n')
  const log = `step 1 loss 0.5\nstep 2 loss 0.4\n${said}step 3 loss 0.3\n`
  const run = new WatchedRun().read('job.out', log, true)
  expect([...run.samples].map(({ step, value }) => [step, value])).toEqual([
    [1, 0.5],
    [2, 0.4],
    [3, 0.3],
  ])
  expect([run.alerts, run.rejects]).toEqual([[], []])
})
