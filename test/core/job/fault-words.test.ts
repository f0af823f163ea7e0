import { describe, expect, test } from 'vitest'
import { plain } from './end-words.ts'
import { endedRun } from './ended-run.ts'

const STEPS = plain(20)

describe('a job ends with an error of which no class of crashes knows', () => {
  for (const words of [
    'error: data file train.bin is truncated',
    'ERROR: unable to open shard 42',
    'Exception occurred: list index out of range',
    'An unexpected error occurred: division of a list',
    'fatal error: cannot allocate 8 GB',
    'ERROR - main - Unrecoverable error, shutting down: loader',
    '2026-11-29 10:00:00 ERROR main: cannot read labels.csv',
    'Error: could not find config.yaml',
    "panicked at 'index out of bounds: the len is 3', src/main.rs:4",
    'E1129 10:00:00.000000 4711 train.cc:88] Check failed: rows == labels',
    'F1129 10:00:00.000000 4711 train.cc:88] Check failed: rows == labels',
  ])
    test(words, () => expect(endedRun(`${STEPS}${words}\n`)).toMatchObject({ state: 'crashed', severity: 'critical' }))
})

describe('an error that a job lives with is no end', () => {
  for (const words of [
    'ERROR: cannot read image 41, skipping',
    'ERROR: failed to open row 3',
    'ERROR: could not load the legend font',
    'Exception occurred: retrying',
    'ERROR: could not render curves.png',
    'Error: 0.021',
    'validation error out of range of the plot',
  ])
    test(words, () => expect(endedRun(`${STEPS}${words}\n`)).toMatchObject({ state: 'ended', severity: null }))

  test('nor is one that more lines follow, or words of an end', () => {
    const words = 'ERROR: unable to open shard 42'
    expect(endedRun(`${STEPS}${words}\nusing 41 shards\nshuffled\nmean row 12\n`)).toMatchObject({ state: 'ended' })
    expect(endedRun(`${STEPS}${words}\nAll done, bye.\n`)).toMatchObject({ state: 'finished', severity: null })
    expect(endedRun(`${STEPS}${words}\nstep 21 loss 0.3 lr 0.001\n`)).toMatchObject({ state: 'ended', severity: null })
  })
})

describe('a job says in plain words that it is over', () => {
  for (const words of [
    'All done, bye.',
    'Finished, see you!',
    '[done] 24 epochs in 9.3s',
    'completed all 24 epochs',
    'finished fitting after 24 epochs',
    'Done fitting the model',
    'Experiment finished, results in runs/exp3',
    'Run complete: outputs are in out/',
    'Saved final checkpoint to out/last.ckpt',
    'final ckpt written to out/a.ckpt',
    'All epochs are through',
  ])
    test(words, () => expect(endedRun(`${STEPS}${words}\n`)).toMatchObject({ state: 'finished', severity: null }))

  for (const words of [
    'Experiment finished, starting the next',
    '[done] epoch 3 in 9.3s',
    'done 3 of 24 epochs in 9.3 s',
    'finished fitting fold 3',
    'finished fitting the scaler',
    'Saved final checkpoint of epoch 3',
    'Saved checkpoint to out/last.ckpt',
    'all epochs through 20 were quiet',
  ])
    test(`not: ${words}`, () => expect(endedRun(`${STEPS}${words}\n`)).toMatchObject({ state: 'ended' }))
})
