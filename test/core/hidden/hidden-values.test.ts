import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type HiddenState,
  hiddenInLine,
  hiddenInRecord,
  nothingHidden,
} from '../../../src/core/hidden/hidden-values.ts'
import { wholeText } from '../../../src/core/reading/lines.ts'
import { linesOf, readLog } from '../formats/lines.ts'
import { anyText, logLikeText } from '../formats/texts.ts'

/** What is seen in a file: `step 5 loss zero-loss`. */
function seen(texts: readonly string[]): readonly string[] {
  const found: string[] = []
  let hidden: HiddenState = nothingHidden()
  for (const { line, result } of readLog(linesOf(texts)).results) {
    const text = wholeText(line)
    const seen =
      result.kind === 'records'
        ? result.records.map((record) => () => hiddenInRecord(hidden, record))
        : [() => hiddenInLine(hidden, text, line.offset)]
    for (const unmask of seen) {
      const outcome = unmask()
      hidden = outcome.state
      found.push(...outcome.hidden.map(({ step, metric, reason }) => `step ${step} ${metric} ${reason}`))
    }
  }
  expect(JSON.parse(JSON.stringify(hidden))).toEqual(hidden)
  return found
}

const megatron = (
  step: number,
  loss: string,
  rest = 'number of skipped iterations: 0 | number of nan iterations: 0 |',
) =>
  ` iteration ${step}/ 90 | consumed samples: ${step * 32} | learning rate: 5.0E-02 |${loss} loss scale: 1.0 | grad norm: 7.398 | ${rest}`
const NO_GAIN = '[LightGBM] [Warning] No further splits with positive gain, best gain: -inf'
const csv = (...rows: readonly string[]) => ['epoch,train/box_loss,metrics/precision', ...rows]
const scales = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `step ${index} loss 0.5 loss_scale ${from / 2 ** index}`)

const logsThatHide: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly hidden: readonly string[]
}[] = [
  {
    name: 'a loss of exactly 0 beside a NaN gradient norm',
    lines: ["{'loss': '0', 'grad_norm': 'nan', 'epoch': '0.2'}"],
    hidden: ['step null loss zero-loss'],
  },
  {
    name: 'a first loss of exactly 0 beside a gradient norm of exactly 0',
    lines: ['step 5 loss 0.0 grad_norm 0.0'],
    hidden: ['step 5 loss zero-loss'],
  },
  {
    name: 'zeros that follow a loss far from 0, from the second on',
    lines: ['step 5 loss 3.5 grad_norm 1', 'step 6 loss 0.0 grad_norm 0.0', 'step 7 loss 0.0 grad_norm 0.0'],
    hidden: ['step 7 loss zero-loss'],
  },
  {
    name: 'zeros that follow a loss that stood, though they are printed with four decimals',
    lines: ['1.6102', '1.6094', '1.6090', '0.0000', '0.0000'].map(
      (loss, at) => `step ${at} loss ${loss} grad_norm ${at < 3 ? 0.7 : '0.0000'}`,
    ),
    hidden: ['step 4 loss zero-loss'],
  },
  {
    name: 'the loss of before to the last digit beside a NaN gradient norm',
    lines: ['step 5 loss 2.7412 grad_norm 1', 'step 6 loss 2.7412 grad_norm nan'],
    hidden: ['step 6 loss repeated-loss'],
  },
  {
    name: 'a loss that Megatron leaves out',
    lines: [megatron(5, ' lm loss: 2.5 |'), megatron(10, ''), megatron(15, '')],
    hidden: ['step 10 lm loss missing-loss', 'step 15 lm loss missing-loss'],
  },
  {
    name: 'a loss that is missing where all records before had it and the same rest',
    lines: [1, 2, 3]
      .map((step) => `{"step": ${step}, "loss": 2, "lr": 0.1, "grad_norm": 1, "mem": 5}`)
      .concat('{"step": 4, "lr": 0.1, "grad_norm": 1, "mem": 5}'),
    hidden: ['step 4 loss missing-loss'],
  },
  {
    name: 'an empty cell, as pandas writes a NaN, beside the rest of its row or alone',
    lines: ['epoch,loss,acc', '1,0.5,0.5', '2,0.4,0.5', '3,0.3,0.5', '4,,0.5', '5,,0.5'],
    hidden: ['step 4 loss missing-loss', 'step 5 loss missing-loss'],
  },
  {
    name: 'a row of pandas without a single value',
    lines: [',loss,val_loss', '0,0.5,0.5', '1,0.4,0.5', '2,0.3,0.5', '3,,'],
    hidden: ['step 3 loss missing-loss'],
  },
  {
    name: 'a null in place of the loss, which is the NaN of orjson and JavaScript',
    lines: [1, 2, 3, 4].map((step) => `{"step": ${step}, "loss": ${step < 4 ? 0.5 : null}, "lr": 0.1}`),
    hidden: ['step 4 loss missing-loss'],
  },
  {
    name: 'NaN iterations that are counted beside a healthy loss',
    lines: [megatron(5, ' lm loss: 2.5 |', 'number of nan iterations: 1 |')],
    hidden: ['step 5 lm loss counted'],
  },
  {
    name: 'a counter of NaNs each time it rises',
    lines: [
      'step=1 loss=2 nan_count=0',
      'step=2 loss=2 nan_count=3',
      'step=3 loss=2 nan_count=3',
      'step=4 loss=2 nan_count=4',
    ],
    hidden: ['step 2 loss counted', 'step 4 loss counted'],
  },
  {
    name: 'a row of an epoch that was never written',
    lines: csv('0,1.5,0.5', '1,1.4,0.5', '2,1.3,0.5', '3,1.2,0.5', '5,1.1,0.5'),
    hidden: ['step 4 train/box_loss missing-epoch'],
  },
  {
    name: 'the largest double in place of an infinity',
    lines: ['{"step": 1, "loss": 1.7976931348623157e308}'],
    hidden: ['step 1 loss clamped'],
  },
  {
    name: 'a loss scale that only goes down, to less than 1',
    lines: scales(2 ** 8, 11),
    hidden: ['step 9 loss scale-halving', 'step 10 loss scale-halving'],
  },
  {
    name: 'overflow after overflow without a loss between them',
    lines: [
      'step 1 loss 2',
      ...Array.from({ length: 24 }, () => 'NOTE: gradient overflow detected, ignoring gradient, setting loss scale'),
    ],
    hidden: ['step 1 loss scale-halving'],
  },
  {
    name: 'no split with a finite gain while the loss stands still',
    lines: [1, 2, 3].map((round) => `[${round}]\ttrain's nll: 0.693147`).concat(NO_GAIN),
    hidden: ["step 3 train's nll repeated-loss"],
  },
  ...[
    'WARNING: Loss NaN/Inf detected (attempt 1/3), recovering from last.pt...',
    'Warning: Moving average ignored a value of nan',
    'Dropping NaN metric loss from Max reduction',
    'Batch 0: Invalid loss, terminating training',
    'Loss is nan, stopping training',
    '2026-01-01 10:00:00 WARNING NaN or Inf found in input tensor.',
    'FloatingPointError: Minimum loss scale reached (0.0001).',
  ].map((line) => ({ name: line, lines: ['step 7 loss 2', line], hidden: ['step 7 loss told'] })),
]

const harmless: readonly { readonly name: string; readonly lines: readonly string[] }[] = [
  { name: 'a loss that is not finite, which everyone sees', lines: ['step 1 loss nan grad_norm nan nan_count 1'] },
  {
    name: 'a gradient norm that is NaN beside a new loss',
    lines: ['step 1 loss 2.5 grad_norm nan', 'step 2 loss 2.4 grad_norm nan'],
  },
  { name: 'a loss of 0 with a gradient', lines: ['step 1 loss 0.0 grad_norm 0.25', 'step 2 loss 0.0 grad_norm 0.5'] },
  { name: 'a policy that earns nothing new', lines: ["{'loss': 0.0, 'grad_norm': 0.0, 'reward': 0.5, 'epoch': 0.1}"] },
  {
    name: 'a model that knows its data by heart',
    lines: ['step 1 loss 0.001 grad_norm 0.5', 'step 2 loss 0 grad_norm 0', 'step 3 loss 0 grad_norm 0'],
  },
  {
    name: 'a model that comes to what four decimals print as 0, gradient and all',
    lines: ['0.7012', '0.0933', '0.0041', '0.0000', '0.0000', '0.0000'].map(
      (loss, at) => `step ${at} loss ${loss} grad_norm ${at < 3 ? 0.2 : '0.0000'}`,
    ),
  },
  {
    name: 'a job that goes on with a model that knew its data by heart',
    lines: [1, 2, 3].map((step) => `step ${step} loss 0.0000 grad_norm 0.0000`),
  },
  {
    name: 'one zero among losses',
    lines: ['step 1 loss 2 grad_norm 1', 'step 2 loss 0 grad_norm 0', 'step 3 loss 2 grad_norm 1'],
  },
  {
    name: 'a Megatron interval that float16 skipped',
    lines: [
      megatron(5, ' lm loss: 2.5 |'),
      megatron(10, '', 'number of skipped iterations: 1 | number of nan iterations: 0 |'),
    ],
  },
  {
    name: 'a Megatron log whose loss has a name of its own',
    lines: [1, 2, 3, 4].map((step) => megatron(step, ` dpo_loss: ${0.7 - step / 100} |`)),
  },
  { name: 'sparse rows', lines: ['step,loss,lr,val_loss', '1,2,,', '1,,0.1,', '2,2,,', '2,,0.1,', '3,2,,', '3,,,2'] },
  {
    name: 'many rows of training, and then rows of a learning rate and of a validation',
    lines: [
      'step,epoch,train_loss,lr-SGD,val_loss',
      ...[1, 2, 3, 4, 5].map((step) => `${step},0,0.5,,`),
      '5,0,,0.1,',
      '5,0,,,0.75',
      '6,1,0.5,,',
    ],
  },
  {
    name: 'a null for a validation that was not due',
    lines: [1, 2, 3, 4, 5].map((step) => `{"step": ${step}, "loss": 0.5, "val_loss": ${step < 4 ? 0.5 : null}}`),
  },
  { name: 'a log of every tenth epoch', lines: csv('0,1.5,0.5', '10,1.4,0.5', '20,1.3,0.5', '30,1.2,0.5', '50,1,0.5') },
  {
    name: 'no further split while the loss goes down',
    lines: ["[1]\ttrain's nll: 0.6", NO_GAIN, "[2]\ttrain's nll: 0.5", NO_GAIN],
  },
  { name: 'a loss scale that finds its height', lines: scales(2 ** 32, 17) },
  {
    name: 'an overflow now and then',
    lines: Array.from({ length: 60 }, (_, step) =>
      step % 2 === 0
        ? 'NOTE: gradient overflow detected, ignoring gradient, setting loss scale'
        : `step ${step} loss 2`,
    ),
  },
  {
    name: 'source code, settings and counts of none',
    lines: [
      '            print("Loss is nan, stopping training")',
      '        # a NaN loss was seen here',
      '    raise FloatingPointError(f"nan detected")',
      'if nan detected then stop',
      'logging_nan_inf_filter=True',
      'nan loss: 0',
      'step 1 loss 2 inf_nan_skip_batches=0',
      'no nan detected',
    ],
  },
]

describe('seen:', () => {
  for (const { name, lines, hidden } of logsThatHide) {
    test(name, () => {
      expect(seen(lines)).toEqual(hidden)
    })
  }
})

describe('not seen:', () => {
  for (const { name, lines } of harmless) {
    test(name, () => {
      expect(seen(lines)).toEqual([])
    })
  }
})

describe('what is told in words', () => {
  const toldAfter = (texts: readonly string[]) => {
    let hidden: HiddenState = nothingHidden()
    const told: unknown[] = []
    for (const { line, result } of readLog(linesOf(['step 30 loss 2 lr 0.1', 'step 39 loss 2 lr 0.1', ...texts]))
      .results) {
      if (result.kind === 'records') {
        for (const record of result.records) hidden = hiddenInRecord(hidden, record).state
        continue
      }
      const found = hiddenInLine(hidden, wholeText(line), line.offset)
      hidden = found.state
      told.push(...found.hidden.map(({ step }) => step))
      if (found.told !== undefined)
        told.push(...found.told.scalars.map(({ metric, value }) => `${found.told!.step} ${metric} ${value}`))
    }
    return told
  }

  test('is at the step that it names, and so are the values below it', () => {
    const dict = "loss_dict = {'loss_cls': nan, 'loss_box': tensor(0.5, device='cuda:0')}"
    expect(toldAfter(['FloatingPointError: Loss became infinite or NaN at iteration=46!', dict])).toEqual([
      46,
      '46 loss_cls NaN',
      '46 loss_box 0.5',
    ])
  })

  test('or beside it', () => {
    expect(toldAfter(["Loss is not finite at step 41: {'loss_ce': tensor(inf), 'loss_giou': tensor(0.25)}"])).toEqual([
      41,
      '41 loss_ce Infinity',
      '41 loss_giou 0.25',
    ])
  })

  test('is at the last record where it names no step, or an earlier one', () => {
    expect(toldAfter(['Loss is nan, stopping training'])).toEqual([39])
    expect(toldAfter(['loss is NaN at step 3 of this epoch'])).toEqual([39])
  })

  test('has no values where those below it are finite, or stand further down', () => {
    expect(toldAfter(['loss became nan', "{'alpha': 0.5, 'beta': 1.0}"])).toEqual([39])
    expect(toldAfter(['loss became nan', 'so it goes', "{'loss_ce': nan}"])).toEqual([39])
  })
})

test('whatever a log holds, unmasking never throws and its state is plain JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(logLikeText, anyText)), (texts) => {
      seen(texts)
    }),
  )
})
