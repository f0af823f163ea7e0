import { describe, expect, test } from 'vitest'
import { endedRun } from './ended-run.ts'

const STEPS = 'step 1 loss 2.51 lr 0.001\nstep 2 loss 2.43 lr 0.001\nstep 3 loss 2.38 lr 0.001\n'
const MORE = [4, 5, 6, 7].map((step) => `step ${step} loss 2.${40 - step} lr 0.001\n`).join('')
const REPORTED = "INFO:tensorflow:Error reported to Coordinator: <class 'tensorflow.python.framework.errors_impl."

/** What is said last of a loss, and what becomes of the run. */
const CASES: readonly (readonly [name: string, text: string, state: string, severity: string | null])[] = [
  ['a stop', `${STEPS}Loss is nan, stopping training\n`, 'crashed', 'critical'],
  ['a stop that a logger calls a warning', `${STEPS}WARNING - loss became NaN, exiting\n`, 'crashed', 'critical'],
  ['a stop because of it', `${STEPS}Aborting because the gradients contain inf\n`, 'crashed', 'critical'],
  ['a stop that sounds like an end', `${STEPS}Non-finite loss, stopping training\n`, 'crashed', 'critical'],
  ['a stop, and its losses', `${STEPS}Loss is inf, stopping\n{'loss_ce': tensor(inf)}\n`, 'crashed', 'critical'],
  ['a divergence', `${STEPS}ERROR:tensorflow:Model diverged with loss = NaN.\n`, 'crashed', 'critical'],
  ['a divergence without a value', `${STEPS}Training has diverged.\n`, 'crashed', 'critical'],
  ['an error', `${STEPS}2026-01-01 10:00:00 ERROR trainer: loss is NaN\n`, 'crashed', 'critical'],
  ['a stop in Chinese', `${STEPS}损失为 NaN，停止训练\n`, 'crashed', 'critical'],
  ['a stop in German', `${STEPS}Der Verlust ist NaN, das Training wird abgebrochen\n`, 'crashed', 'critical'],
  ['a stop in Japanese', `${STEPS}損失がNaNになりました。学習を停止します\n`, 'crashed', 'critical'],
  ['a stop, and training goes on', `${STEPS}NaN in loss, stopping this epoch\n${MORE}`, 'ended', 'warning'],
  ['no more than a word', `${STEPS}loss became nan\n`, 'ended', 'warning'],
  ['a step left out', `${STEPS}The grad norm is nan. Skipping updating the model.\n${MORE}`, 'ended', 'warning'],
  ['a stop that may come', `${STEPS}loss is NaN, skipping; will stop after 10 of them\n`, 'ended', 'warning'],
  ['a step left out by a scaler', `${STEPS}Gradient overflow, skipping step, loss scale 512\n${MORE}`, 'ended', null],
  ['nothing found', `${STEPS}no NaN found in loss, stopping at the last step\n`, 'ended', null],
  [
    'the report of an error to the coordinator',
    `${STEPS}${REPORTED}InvalidArgumentError'>, LossTensor is inf or nan. : Tensor had NaN values\n`,
    'crashed',
    'critical',
  ],
  ['the end of the data', `${STEPS}${REPORTED}OutOfRangeError'>, FIFOQueue '_1_batch' is closed\n`, 'ended', null],
  ['a queue that was closed', `${STEPS}${REPORTED}CancelledError'>, Enqueue operation was cancelled\n`, 'ended', null],
]

describe('what a log says of a loss that is no number:', () => {
  test.each(CASES)('%s', (_name, text, state, severity) => {
    expect(endedRun(text)).toMatchObject({ state, severity })
    expect(endedRun(text, 64)).toMatchObject({ state, severity })
  })
})

test('a run that says at every step that it leaves the step out is dead', () => {
  const log = Array.from(
    { length: 12 },
    (_, i) => `step ${i + 4} loss 2.38 lr 0.001\ngrad norm is nan. Do not update model.\n`,
  )
  expect(endedRun(`${STEPS}${log.join('')}`)).toMatchObject({ severity: 'critical' })
})

test('a scaler that leaves out each step is told, though a loss is logged between', () => {
  const log = (perStep: number) =>
    Array.from(
      { length: 30 },
      (_, i) => `step ${(i + 4) * perStep} loss 2.${50 - i} lr 0.001\nOVERFLOW! Rank 0 Skipping step.\n`,
    ).join('')
  expect(endedRun(`${STEPS}${log(1)}`)).toMatchObject({ severity: 'warning' })
  expect(endedRun(`${STEPS}${log(10)}`)).toMatchObject({ severity: null })
})
