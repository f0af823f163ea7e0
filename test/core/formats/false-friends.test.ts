import { expect, test } from 'vitest'
import { ReadCounts } from '../../../src/cli/read-counts.ts'
import { DEFAULT_CONFIG } from '../../../src/config/defaults.ts'
import { rulesWith } from '../../../src/config/rules.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { Lines } from '../../../src/core/reading/lines.ts'
import { isLossRole } from '../../../src/core/records/fields.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { linesOf } from './lines.ts'

const RULES = rulesWith(DEFAULT_CONFIG, BUILT_IN)

function readOf(lines: ReturnType<typeof linesOf>, listener: ReadCounts): Parameters<typeof advance>[0] {
  return {
    run: 'run',
    file: 'train.log',
    content: { ...NO_LINES, lines: Lines.of(lines) },
    isFinal: true,
    backfillUntil: 0,
    nowIso: '2026-01-01T10:00:00.000Z',
    listener,
  }
}

/** Lines that speak of NaN, or seem to, while the loss is well. */
const cases: readonly { readonly name: string; readonly line: (step: number) => string }[] = [
  {
    name: 'a time per step that was not measured yet',
    line: (step) => `step:${step}/6000 train_loss:0.5 train_time:0ms step_avg:nanms`,
  },
  {
    name: 'a z-score of llm.c without a history',
    line: (step) => `step ${step}/19560 | loss 0.500000 (+nanz)| norm 1.5000 (+nanz)| lr 1.00e-06 | 300.00 ms`,
  },
  {
    name: 'a counter of NaN that is 0',
    line: (step) =>
      ` iteration ${step}/ 8000 | lm loss: 5.0E-01 | grad norm: 0.752 | number of skipped iterations:   0 | number of nan iterations:   0 |`,
  },
  {
    name: 'a counter of skipped batches that is 0',
    line: (step) => `step=${step} loss=0.5 loss_scale=65536.0 inf_nan_skip_batches=0`,
  },
  { name: 'the name of a person or a fruit', line: (step) => `step ${step} loss 0.5 nano info finance banana Nancy` },
  {
    name: 'a level of logging',
    line: (step) => `INFO step ${step} loss: 0.5 info: inference, infinity-edge, nan-guard on`,
  },
  {
    name: 'source code of the training above its lines',
    line: (step) =>
      step < 3
        ? ['import torch', "    if torch.isnan(loss): raise ValueError('loss is nan')", 'loss = float("nan")'][step]!
        : `step ${step} loss 0.5`,
  },
  {
    name: 'a setting that is infinite',
    line: (step) => (step === 0 ? 'Namespace(max_grad_norm=inf, lr=0.1, patience=inf)' : `step ${step} loss 0.5`),
  },
  {
    name: 'a best value that nothing has reached yet',
    line: (step) => `step ${step} loss 0.5 best_val_loss=inf`,
  },
  ...[
    'If you see loss = nan, lower it.',
    'Note: when loss: nan appears, reduce the learning rate.',
    'UserWarning: loss=nan is treated as missing',
    '# loss = nan stands for an empty batch',
    '// loss: nan',
    '-loss = nan',
    '    if loss != loss: loss = nan',
    '  --skip-nan   skip batches with loss=nan (default: true)',
    '- `loss: nan`',
    'Falls loss: nan, bitte die Lernrate senken',
    'early_stop_loss: -inf',
    'stop_loss: -inf, patience: 5',
    'abort_loss_limit = inf',
    'last_loss: nan',
    'Saved loss = inf',
    '  optimal_loss: inf',
    'loss tolerance: inf',
    'TrainArguments(rounds=3, huber_loss=inf)',
    'args: Namespace(lr=0.1, focal_loss=nan)',
    'is loss nan? False',
    'loss is nan: False',
    'Is the training loss NaN? no',
    'step 3 loss nan? 0',
    'loss inf: false, loss nan: false',
    'Loss NaN count: 0',
    'batches with NaN loss: 0',
    'Encountered NaN loss 0 times',
    'gradient clipping: norm inf',
    'Clip: grad_norm = inf',
    'Sample: "he then said loss = nan and left"',
    'Output: “we all knew the loss = inf from the start”',
  ].map((text) => ({
    name: `what only speaks of a value, ${text.trim()},`,
    line: (step: number) => (step % 20 === 3 ? text : `step ${step} loss 0.5`),
  })),
]

/** Lines that tell of a loss that is NaN, among lines with counters. */
const TOLD = [
  'loss = nan',
  'Mean Training loss : nan',
  '=== loss: nan ===',
  '==> loss: nan',
  '当前 loss: nan',
  '- loss: nan',
  'Warning: loss = nan',
  '12 May 2026 loss: nan',
  '#12 loss: nan',
  'msg="loss = nan"',
  'is loss nan? True',
  'Model diverged with loss = nan.',
  'Run stopped, it had a loss: nan',
  'Monitored metric val_loss = nan is not finite',
  'total_loss: nan (gradients are clipped)',
]

test.each(['# ', '#', '// ', '* ', '- ', '-- '])(
  'behind "%s" before each line a NaN is read as the values above it',
  (mark) => {
    const block = (step: number, value: string) => [
      `=== Iteration ${step} ===`,
      `  actor_loss: ${value}`,
      `  critic_loss: ${value}`,
      `  val_loss: ${value}`,
    ]
    const values = ['0.75', '0.5', 'nan', 'nan']
    const log = values.flatMap((value, step) => block(step + 1, value)).map((line) => `${mark}${line}`)
    const { samples } = advance(readOf(linesOf(log), new ReadCounts()), NEW_FILE, EMPTY_MEMORY, RULES)
    expect([...samples].filter(({ value }) => value === 'NaN').map(({ step, metric }) => `${step} ${metric}`)).toEqual(
      [3, 4].flatMap((step) => ['actor_loss', 'critic_loss', 'val_loss'].map((metric) => `${step} ${metric}`)),
    )
  },
)

for (const text of TOLD) {
  test(`${text} is a value`, () => {
    const lines = linesOf(Array.from({ length: 60 }, (_, step) => (step % 20 === 3 ? text : `step ${step} loss 0.5`)))
    const { transitions } = advance(readOf(lines, new ReadCounts()), NEW_FILE, EMPTY_MEMORY, RULES)
    expect(transitions.some(({ alert }) => alert.severity === 'critical')).toBe(true)
  })
}

for (const { name, line } of cases) {
  test(`${name} is no failure`, () => {
    const counts = new ReadCounts()
    const lines = linesOf(Array.from({ length: 60 }, (_, step) => line(step)))
    const { samples, transitions } = advance(readOf(lines, counts), NEW_FILE, EMPTY_MEMORY, RULES)
    const losses = [...samples].filter(({ role, isPlaceholder }) => isLossRole(role) && !isPlaceholder)
    expect(losses.filter(({ value }) => value === 0.5).length).toBeGreaterThanOrEqual(57)
    expect(losses.filter(({ value }) => typeof value === 'string')).toEqual([])
    expect(counts.takeHidden()).toEqual([])
    expect(transitions.filter(({ alert }) => alert.severity === 'critical')).toEqual([])
  })
}
