import { expect, test } from 'vitest'
import { type AlertOfSchema3, partsOf } from '../../../src/store/sqlite/alert-parts.ts'

const LOSS = { rule: 'non-finite', metric: 'loss', step: 812 }
const UNKNOWN = { code: null, evidence: [] }
const LOG_ZERO = { code: 'R1-log-zero', fix: 'Use logits, or clip. It is one line.', evidence: [] }

const cases: readonly { name: string; alert: AlertOfSchema3; parts: readonly [string, string | null, string] }[] = [
  {
    name: 'a headline and a reason',
    alert: {
      ...LOSS,
      cause: UNKNOWN,
      message: 'step 812: loss is NaN. The last finite value was 0.5. It says no more.',
    },
    parts: ['step 812: loss is NaN.', null, 'The last finite value was 0.5. It says no more.'],
  },
  {
    name: 'a fix, which stays the cause’s',
    alert: { ...LOSS, cause: LOG_ZERO, message: `step 812: loss is NaN. 3 of 64 rows gave 0. ${LOG_ZERO.fix}` },
    parts: ['step 812: loss is NaN.', null, '3 of 64 rows gave 0.'],
  },
  {
    name: 'a headline alone',
    alert: { ...LOSS, cause: UNKNOWN, message: 'step 812: loss is NaN.' },
    parts: ['step 812: loss is NaN.', null, ''],
  },
  {
    name: 'a metric with a full stop in its name, and a number with one',
    alert: {
      rule: 'spike',
      metric: 'Train. Loss',
      step: 7,
      cause: UNKNOWN,
      message: 'step 7: Train. Loss jumped to 9.5. Its recent level was 1.25; it stands above it.',
    },
    parts: ['step 7: Train. Loss jumped to 9.5.', null, 'Its recent level was 1.25; it stands above it.'],
  },
  {
    name: 'the first sign',
    alert: {
      ...LOSS,
      metric: 'a. b',
      cause: UNKNOWN,
      signs: [{ rule: 'spike', metric: 'a. b', step: 806 }, LOSS],
      message: 'step 812: a. b is NaN. The first sign was at step 806: spike, a. b at 9.5. It grew.',
    },
    parts: ['step 812: a. b is NaN.', 'The first sign was at step 806: spike, a. b at 9.5.', 'It grew.'],
  },
  {
    name: 'what began before, with the fix of its cause',
    alert: {
      ...LOSS,
      cause: LOG_ZERO,
      signs: [{ rule: 'exploding', metric: 'x. y', step: 810 }, LOSS],
      message: `step 812: loss is NaN. It began before: step 810: x. y is 90. Its level was 1. ${LOG_ZERO.fix}`,
    },
    parts: ['step 812: loss is NaN.', 'It began before: step 810: x. y is 90.', 'Its level was 1.'],
  },
  {
    name: 'both a first sign and what began before',
    alert: {
      ...LOSS,
      cause: LOG_ZERO,
      signs: [{ rule: 'spike', metric: 'loss', step: 800 }, LOSS],
      message: `step 812: loss is NaN. The first sign was at step 800: spike, loss at 3. It began before: step 811: grad_norm is NaN. Row 0 did it. ${LOG_ZERO.fix}`,
    },
    parts: [
      'step 812: loss is NaN.',
      'The first sign was at step 800: spike, loss at 3. It began before: step 811: grad_norm is NaN.',
      'Row 0 did it.',
    ],
  },
  {
    name: 'the last words of a job, which may hold a full stop themselves',
    alert: {
      rule: 'crashed',
      metric: 'loss',
      step: 3,
      cause: { code: null, evidence: [{ name: 'line', value: 'ValueError: bad. very bad.' }] },
      message: 'step 3: the job ended: ValueError: bad. very bad. It came from model.py, line 7.',
    },
    parts: ['step 3: the job ended: ValueError: bad. very bad.', null, 'It came from model.py, line 7.'],
  },
  {
    name: 'a crash that was called off, behind its reason now',
    alert: {
      rule: 'crashed',
      metric: 'loss',
      step: 3,
      cause: {
        code: 'C1-gpu-out-of-memory',
        fix: 'Make the batch smaller.',
        evidence: [{ name: 'line', value: 'OOM' }],
      },
      message:
        'step 3: the job may have ended: OOM. It had no memory left. Make the batch smaller. It was caught: training went on at step 4.',
    },
    parts: [
      'step 3: the job may have ended: OOM.',
      null,
      'It had no memory left. It was caught: training went on at step 4.',
    ],
  },
  {
    name: 'a rule of the user',
    alert: {
      rule: 'mine',
      metric: 'a',
      step: 1,
      cause: UNKNOWN,
      message: 'step 1: a > 2. 5 or so (mine). a is 3.',
    },
    parts: ['step 1: a > 2. 5 or so (mine).', null, 'a is 3.'],
  },
  {
    name: 'a headline that was cut in the middle of its metric, with its rest among the reasons',
    alert: {
      ...LOSS,
      metric: 'Train. Loss',
      value: 'NaN',
      cause: UNKNOWN,
      signs: [{ rule: 'exploding', metric: 'Train. Loss', step: 806 }, LOSS],
      message:
        'step 812: Train. The first sign was at step 806: exploding, Train. Loss at 32. Loss is NaN. Before it, it rose.',
    },
    parts: [
      'step 812: Train. Loss is NaN.',
      'The first sign was at step 806: exploding, Train. Loss at 32.',
      'Before it, it rose.',
    ],
  },
  {
    name: 'a headline whose rest was lost',
    alert: {
      rule: 'spike',
      metric: 'Train. Loss',
      step: 7,
      value: 9.50001,
      cause: UNKNOWN,
      message: 'step 7: Train. So did the loss of another run at this step (a): the batch is bad.',
    },
    parts: [
      'step 7: Train. Loss jumped to 9.5.',
      null,
      'So did the loss of another run at this step (a): the batch is bad.',
    ],
  },
  {
    name: 'a metric that holds the name of its rule',
    alert: {
      ...LOSS,
      metric: 'Ep. loss (non-finite). x',
      cause: UNKNOWN,
      message: 'step 812: Ep. loss (non-finite). x is NaN. So.',
    },
    parts: ['step 812: Ep. loss (non-finite). x is NaN.', null, 'So.'],
  },
  {
    name: 'a log without steps',
    alert: { ...LOSS, step: null, cause: UNKNOWN, message: 'loss is NaN. It says no more.' },
    parts: ['loss is NaN.', null, 'It says no more.'],
  },
]

for (const { name, alert, parts } of cases) {
  test(`takes apart ${name}`, () => {
    const { headline, firstSign, why } = partsOf(alert)
    expect([headline, firstSign, why]).toEqual(parts)
  })
}
