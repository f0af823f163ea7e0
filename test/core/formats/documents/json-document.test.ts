import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnTrack } from '../../../../src/core/formats/documents/column-series.ts'
import { newsOf } from '../../../../src/core/formats/documents/track.ts'
import { brief } from '../lines.ts'
import { readVersion } from './versions.ts'

const kinds: readonly {
  readonly name: string
  readonly document: string
  readonly kind: string
  readonly records: readonly string[]
}[] = [
  {
    name: 'the state of the Hugging Face trainer',
    document: `{
      "best_metric": null, "epoch": 1.0, "global_step": 30,
      "log_history": [
        {"epoch": 0.5, "grad_norm": 1.25, "learning_rate": 0.001, "loss": 1.5, "step": 15},
        {"epoch": 1.0, "eval_loss": Infinity, "step": 30},
        {"epoch": 1.0, "grad_norm": NaN, "learning_rate": 0.0, "loss": 0.0, "step": 30}
      ],
      "max_steps": 30, "stateful_callbacks": {"TrainerControl": {"args": {"loss": [1, 2]}}}
    }`,
    kind: 'hf-trainer-state',
    records: [
      'step 15 epoch 0.5 grad_norm=1.25 learning_rate=0.001 loss=1.5',
      'step 30 epoch 1 eval_loss=Infinity',
      'step 30 epoch 1 grad_norm=NaN learning_rate=0 loss=0',
    ],
  },
  {
    name: 'metrics of Sacred, with the steps of each in order and equal ones together',
    document: `{
      "training.loss": {
        "steps": [0, 10, 20],
        "timestamps": ["2026-01-01T10:00:00.500000", "2026-01-01T10:00:01", "2026-01-01T10:00:02"],
        "values": [2.5, {"dtype": "float64", "py/object": "numpy.float64", "value": 1.5}, NaN]
      },
      "val.loss": {"steps": [10], "timestamps": ["2026-01-01T10:00:01"], "values": [1.75]}
    }`,
    kind: 'sacred',
    records: ['step 0 training.loss=2.5', 'step 10 training.loss=1.5 val.loss=1.75', 'step 20 training.loss=NaN'],
  },
  {
    name: 'results of DeepOBS, whose mini-batches and epochs are not mixed',
    document:
      '{"train_losses": [2.5, NaN], "test_losses": [2.25, NaN], "minibatch_train_losses": [2.5, 2.25, Infinity], ' +
      '"test_accuracies": [0.5, 0.25], "batch_size": 128, "lr_sched_epochs": [1, 2], "hyperparams": {"loss": [1]}}',
    kind: 'deepobs',
    records: [
      'step 0 epoch 0 train_losses=2.5 test_losses=2.25 test_accuracies=0.5',
      'step 0 minibatch_train_losses=2.5',
      'step 1 epoch 1 train_losses=NaN test_losses=NaN test_accuracies=0.25',
      'step 1 minibatch_train_losses=2.25',
      'step 2 minibatch_train_losses=Infinity',
    ],
  },
  {
    name: 'golden values of Megatron-LM, where only a loss can be NaN beside other values',
    document: `{
      "lm loss": {"start_step": 1, "end_step": 15, "step_interval": 5, "values": {"1": 10.5, "5": "nan", "10": "nan"}},
      "iteration-time": {"start_step": 1, "end_step": 15, "step_interval": 5, "values": {"1": "nan", "5": 2.5, "10": "nan"}}
    }`,
    kind: 'megatron-golden',
    records: ['step 1 lm loss=10.5', 'step 5 lm loss=NaN iteration-time=2.5', 'step 10 lm loss=NaN iteration-time=NaN'],
  },
  {
    name: 'golden values in lists, as older versions write them',
    document: '{"lm loss": {"start_step": 0, "end_step": 10, "step_interval": 5, "values": [10.5, 9.5]}}',
    kind: 'megatron-golden',
    records: ['step 0 lm loss=10.5', 'step 5 lm loss=9.5'],
  },
  {
    name: 'the iterations of CatBoost under the names of their metrics',
    document: `{
      "meta": {"test_sets": ["test"], "test_metrics": [{"best_value": "Max", "name": "AUC"}, {"best_value": "Min", "name": "RMSE"}],
        "learn_metrics": [{"best_value": "Min", "name": "RMSE"}], "learn_sets": ["learn"], "iteration_count": 2},
      "iterations": [
        {"learn": [0.75], "iteration": 0, "test": [0.5, 0.875]},
        {"learn": [nan], "iteration": 1, "test": [0.5, 0.75]}
      ]}`,
    kind: 'catboost-training',
    records: [
      'step 0 learn/RMSE=0.75 test/AUC=0.5 test/RMSE=0.875',
      'step 1 learn/RMSE=NaN test/AUC=0.5 test/RMSE=0.75',
    ],
  },
  {
    name: 'a series saved from TensorBoard',
    document: '[[1767261600.5, 0, 2.5], [1767261601.5, 10, "NaN"]]',
    kind: 'tensorboard-export',
    records: ['step 0 metrics=2.5', 'step 10 metrics=NaN'],
  },
  {
    name: 'the log of Chainer',
    document: '[{"main/loss": 0.5, "validation/main/loss": 0.75, "epoch": 1, "iteration": 100, "elapsed_time": 2.5}]',
    kind: 'json-series',
    records: ['step 100 epoch 1 main/loss=0.5 validation/main/loss=0.75 elapsed_time=2.5'],
  },
  {
    name: 'a list of epochs numbers the lists beside it, and parts of a loss are losses',
    document: '{"epochs": [1, 2], "loss_G": [1.5, NaN], "loss_D": [0.5, NaN]}',
    kind: 'json-series',
    records: ['step 1 epoch 1 loss_G=1.5 loss_D=0.5', 'step 2 epoch 2 loss_G=NaN loss_D=NaN'],
  },
  {
    name: 'the history of Keras, whose position is the step',
    document: '{"loss": [1.5, NaN], "val_loss": [1.25, NaN], "name": "model"}',
    kind: 'json-series',
    records: ['step 0 loss=1.5 val_loss=1.25', 'step 1 loss=NaN val_loss=NaN'],
  },
  {
    name: 'columns that a list of epochs numbers',
    document: '{"history": {"epoch": [1, 2], "loss": [1.5, 1.25], "note": ["a", "b"]}, "model": {"layers": [64, 32]}}',
    kind: 'json-series',
    records: ['step 1 epoch 1 history/loss=1.5', 'step 2 epoch 2 history/loss=1.25'],
  },
  {
    name: 'the evaluation results of LightGBM and XGBoost',
    document: '{"training": {"rmse": [3.5], "binary_logloss": [0.5]}, "valid_0": {"binary_logloss": [0.75]}}',
    kind: 'json-series',
    records: ['step 0 training/rmse=3.5 training/binary_logloss=0.5', 'step 0 valid_0/binary_logloss=0.75'],
  },
  {
    name: 'records of epochs without a step',
    document: '{"config": {"lr": 0.1}, "log": [{"epoch": 1, "loss": 1.5}, {"epoch": 2, "loss": 1.25}]}',
    kind: 'json-series',
    records: ['step 1 epoch 1 loss=1.5', 'step 2 epoch 2 loss=1.25'],
  },
  {
    name: 'records that count nothing, by their position',
    document: '{"train": [{"loss": 1.5}, {"loss": 1.25}], "val": [{"loss": 1.75}]}',
    kind: 'json-series',
    records: ['step 0 train/loss=1.5', 'step 0 val/loss=1.75', 'step 1 train/loss=1.25'],
  },
  {
    name: 'predictions with their labels',
    document: '[{"step": 1, "probs": [[0.5, 0.5], [0.25, 0.75]], "labels": [0, 1]}]',
    kind: 'json-series',
    records: ['batch 1 probs 2x2'],
  },
]

describe('a document', () => {
  test.each(kinds)('gives $name', ({ document, kind, records }) => {
    const version = readVersion(document)
    expect(version.rejects).toEqual([])
    expect(version.records.map(brief)).toEqual(records)
    expect(version.state.kind).toBe(kind)
  })

  test('of the Hugging Face trainer says by its step, or its epoch, that training is over', () => {
    const state = (fields: string) =>
      readVersion(`{${fields}, "log_history": [{"epoch": 1.0, "loss": 1.5, "step": 30}]}`).isOver
    expect(state('"global_step": 30, "max_steps": 30, "epoch": 1.0, "num_train_epochs": 3')).toBe(true)
    expect(state('"global_step": 20, "max_steps": 30, "epoch": 3.0, "num_train_epochs": 3')).toBe(false)
    expect(state('"global_step": 30, "max_steps": -1, "epoch": 3.0, "num_train_epochs": 3')).toBe(true)
    expect(state('"epoch": 2.5, "num_train_epochs": 3')).toBe(false)
    expect(state('"global_step": 0, "max_steps": 0')).toBe(false)
  })

  test('tells what its metrics are for', () => {
    const roles = (document: string) =>
      readVersion(document).records.flatMap((record) =>
        record.kind === 'scalars' ? record.scalars.map(({ metric, role }) => `${metric}: ${role}`) : [],
      )
    expect(roles('{"run 1": {"loss": [1]}, "valid_0": {"auc": [1], "loss": [1]}}')).toEqual([
      'run 1/loss: train_loss',
      'valid_0/auc: other',
      'valid_0/loss: val_loss',
    ])
    const catboost = '{"best_value": "Min", "name": "RMSE"}, {"best_value": "Max", "name": "R2"}'
    expect(
      roles(
        `{"meta": {"learn_metrics": [${catboost}], "test_metrics": [${catboost}]},
          "iterations": [{"learn": [1, 0], "test": [1, 0], "iteration": 0}]}`,
      ),
    ).toEqual(['learn/RMSE: train_loss', 'learn/R2: other', 'test/RMSE: val_loss', 'test/R2: other'])
  })

  test('marks only a step at which Megatron-LM recorded nothing as a placeholder', () => {
    const { records } = readVersion(
      '{"lm loss": {"step_interval": 5, "values": {"5": "nan", "10": "nan"}}, "mem": {"step_interval": 5, "values": {"5": 1, "10": "nan"}}}',
    )
    expect(records.map((record) => record.kind === 'scalars' && record.isPlaceholder)).toEqual([undefined, true])
  })

  test.each([
    ['a summary', '{"_step": 40005, "loss": 3.453125, "perplexity": 30.5}'],
    ['final results', '{\n  "epoch": 1.5,\n  "train_loss": NaN\n}'],
    ['a configuration', '{"loss": ["mse"], "loss_weights": [1, 0.5], "betas": [0.9, 0.95], "layers": [{"units": 3}]}'],
    ['a data set', '[{"question": "1 + 1", "answer": 2}, {"question": "2 + 2", "answer": 4}]'],
    ['an empty list', '[]'],
    ['a number list', '[1, 2, 3]'],
  ])('that is %s has no series', (_name, document) => {
    const { records, rejects, state } = readVersion(document)
    expect(records).toEqual([])
    expect(rejects).toEqual([])
    expect(state.kind).toBeNull()
  })
})

describe('a document that is written again', () => {
  const history = (...losses: readonly (number | string)[]) =>
    `{"log_history": [${losses.map((loss, index) => `{"loss": ${loss}, "step": ${index}}`).join(', ')}]}`
  const steps = (records: ReturnType<typeof readVersion>['records']) => records.map(brief)

  test('gives only the points that are new', () => {
    const first = readVersion(history(3, 2))
    const second = readVersion(history(3, 2, 'NaN'), first.state)
    expect(steps(second.records)).toEqual(['step 2 loss=NaN'])
    expect(readVersion(history(3, 2, 'NaN'), second.state).records).toEqual([])
  })

  test('is told from its start when it has fewer points, or others', () => {
    const { state } = readVersion(history(3, 2, 1))
    expect(steps(readVersion(history(3, 2), state).records)).toEqual(['step 0 loss=3', 'step 1 loss=2'])
    expect(readVersion(history(3, 2, 1.5, 1), state).records.length).toBe(4)
    expect(readVersion(history(4, 2, 1, 0.5), state).records.length).toBe(4)
  })

  test('goes on with each metric where that one ended', () => {
    const first = readVersion('{"loss": [3, 2, 1], "val_loss": [3, 2]}')
    const second = readVersion('{"loss": [3, 2, 1, 0.5], "val_loss": [3, 2, 1.5, 1]}', first.state)
    expect(steps(second.records)).toEqual(['step 2 val_loss=1.5', 'step 3 loss=0.5 val_loss=1'])
  })

  test('keeps quiet while it is half written, and loses nothing by it', () => {
    const whole = history(3, 2, 1)
    const { state } = readVersion(history(3, 2))
    for (let length = 0; length < whole.length; length++) {
      const half = readVersion(whole.slice(0, length), state)
      expect([half.isIncomplete, half.records.length, half.rejects.length], `${length}`).toEqual([true, 0, 0])
      expect(steps(readVersion(whole, half.state).records)).toEqual(['step 2 loss=1'])
    }
  })

  test('gives the same points whatever versions were seen', () => {
    const losses = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant('NaN')), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(losses, fc.array(fc.nat(12), { maxLength: 6 }), (values, cuts) => {
        const columns = (count: number, val: number) =>
          `{"loss": [${values.slice(0, count)}], "val_loss": [${values.slice(0, val)}]}`
        const seen: Record<string, string[]> = { loss: [], val_loss: [] }
        let state: ReturnType<typeof readVersion>['state'] | undefined
        for (const cut of [...cuts.filter((cut) => cut < values.length).sort((a, b) => a - b), values.length]) {
          const version = readVersion(columns(cut, cut === values.length ? cut : cut >> 1), state)
          state = version.state
          for (const record of version.records) {
            if (record.kind !== 'scalars') continue
            for (const { metric, value } of record.scalars) seen[metric]!.push(`${record.step} ${value}`)
          }
        }
        const all = values.map((value, step) => `${step} ${value}`)
        expect(seen).toEqual({ loss: all, val_loss: all })
      }),
    )
  })

  test('of more points than one commit should hold comes in parts', () => {
    const losses = Array.from({ length: 25 }, (_, index) => 25 - index)
    const stepAt = (index: number) => index
    const track = columnTrack({ path: '', name: 'loss', axis: '', values: losses, stepAt })
    const parts: number[] = []
    let memories = {}
    for (let hasMore = true; hasMore; ) {
      const news = newsOf([track], memories, 10)
      parts.push(news.results.length)
      memories = news.memories
      hasMore = news.hasMore
    }
    expect(parts).toEqual([10, 10, 5])
    expect(memories).toMatchObject({ loss: { count: 25 } })
  })
})

describe('values one after the other', () => {
  test('are the records of one log, each with the byte at which it begins', () => {
    const text = '{\n "step": 1,\n "loss": 2\n}\n{\n "step": 2,\n "loss": NaN\n}\n'
    const { records } = readVersion(text)
    expect(records.map(brief)).toEqual(['step 1 loss=2', 'step 2 loss=NaN'])
    expect(records.map(({ offset }) => offset)).toEqual([0, text.indexOf('{', 1)])
  })

  test('are told as far as they are whole', () => {
    const version = readVersion('{"step": 1, "loss": 2}\n{"step": 2, "loss": 3}\n{"step": 3, "lo')
    expect(version.records.map(brief)).toEqual(['step 1 loss=2', 'step 2 loss=3'])
    expect(version.isIncomplete).toBe(true)
  })
})

describe('a document that does not read', () => {
  test.each([
    ['broken inside', '{"loss": [1, 2,, 3]}', /^broken-json: character 15: expected a value/],
    ['followed by text', '{"loss": [1]}\nTraining …', /^broken-json: byte 14: text after the value/],
    ['too deep', `{"a": ${'['.repeat(100)}${']'.repeat(100)}}`, /^too-deep/],
    [
      'made of thousands of series',
      `{"loss": [1]${Array.from({ length: 1999 }, (_, n) => `, "m${n}": [1]`).join('')}}`,
      /^refused: 2000 series/,
    ],
  ])('%s is a reject with its reason', (_name, document, reject) => {
    const { records, rejects } = readVersion(document)
    expect(records).toEqual([])
    expect(rejects).toHaveLength(1)
    expect(rejects[0]).toMatch(reject)
  })

  test('of any bytes neither throws nor gives a record', () => {
    const alphabet = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '1',
      '-',
      'e',
      'NaN',
      '"loss"',
      '"steps"',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 60 }), (pieces) => {
        readVersion(`{${pieces.join('')}`)
        readVersion(`[${pieces.join('')}`)
      }),
      { numRuns: 3000 },
    )
  })
})
