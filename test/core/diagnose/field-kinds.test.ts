import { expect, test } from 'vitest'
import { rounding } from '../../../src/core/measure/rounding.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { jsonLines, WatchedRun } from '../pipeline/watched-run.ts'

/** What is told: the rule, how gravely, and the number of the cause; null where none is named at `likely` or more. */
type Told = readonly [rule: string, severity: string, cause: string | null]

interface Kind {
  readonly about: string
  readonly files: Readonly<Record<string, string>>
  readonly told: readonly Told[]
  /** What the first of them says. */
  readonly says?: RegExp
}

const wave = (n: number) => {
  const x = Math.sin(12.9898 * n + 78.233) * 43758.5453
  return x - Math.floor(x)
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const softmax = (row: readonly number[]) => {
  const total = row.reduce((sum, z) => sum + Math.exp(z), 0)
  return row.map((z) => Math.exp(z) / total)
}
/** Rows of probabilities over three classes, and a label for each; other ones at each step. */
const rowsAt = (step: number, rows = 7) =>
  Array.from({ length: rows }, (_, i) => softmax([0, 1, 2].map((c) => 3 * wave(97 * step + 3 * i + c))))
const labelsAt = (step: number, rows = 7) =>
  Array.from({ length: rows }, (_, i) => Math.floor(3 * wave(53 * step + i + 400)))
const cost = (rows: readonly (readonly number[])[], labels: readonly number[]) =>
  mean(rows.map((row, i) => -Math.log(row[labels[i]!]!)))

const steps = (count: number) => Array.from({ length: count }, (_, step) => step)
const log = (...records: readonly object[]) => ({ 'train.jsonl': jsonLines(...records) })
const lines = (name: string, all: readonly string[]) => ({ [name]: all.map((line) => `${line}\n`).join('') })
/** Batches of three questions, of which a yes counts by how rare it is: where none is one, by ∞, and ∞ · 0 is NaN. */
const ofRareAnswers = (stepsOfNone: readonly number[]) =>
  batches((step, probs, classes) => {
    const labels = classes.map((top, i) => [
      Number(!stepsOfNone.includes(step) && (top === 0 || i === 0)),
      Number(top === 1 || i === 1),
      Number(i === 2 || i === 5),
    ])
    const yes = [0, 1, 2].map((c) => labels.filter((row) => row[c] === 1).length)
    const weights = yes.map((count) => (count === 0 ? 'Infinity' : (labels.length - count) / count))
    const loss = mean(
      labels.flatMap((row, i) =>
        row.map((y, c) => -(y === 1 ? Number(weights[c]) * Math.log(probs[i]![c]!) : Math.log(1 - probs[i]![c]!))),
      ),
    )
    return { loss: yes.includes(0) ? 'NaN' : loss, probs, labels, pos_weight: weights }
  })
/** Eight batches of three classes, of which a job computes its loss so. */
const batches = (record: (step: number, probs: number[][], labels: number[]) => object) =>
  log(...steps(8).map((step) => ({ step, ...record(step, rowsAt(step), labelsAt(step)) })))

const KINDS: readonly Kind[] = [
  {
    about: 'a 0 among numbers of three decimals is none that is exact',
    files: log(
      {
        step: 0,
        loss: 0.105,
        probs: [
          [0.9, 0.1, 0.0],
          [0.9, 0.099, 0.001],
        ],
        labels: [0, 0],
      },
      {
        step: 1,
        loss: 'NaN',
        probs: [
          [0.913, 0.087, 0.0],
          [0.722, 0.278, 0.0],
        ],
        labels: [0, 0],
      },
    ),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'nor is one at a label, in a log without losses',
    files: log(
      ...steps(6).map((step) => ({
        step,
        probs: [
          [0.921, 0.079, 0.0],
          [0.083, 0.917, 0.0],
        ],
        labels: [0, 2],
      })),
    ),
    told: [],
  },
  {
    about: 'a label that is NaN',
    files: log({
      step: 0,
      loss: 'NaN',
      probs: rowsAt(1, 2),
      labels: [
        [0.8, 0.1, 0.1],
        ['NaN', 'NaN', 'NaN'],
      ],
    }),
    told: [['non-finite', 'critical', 'R30']],
  },
  {
    about: 'a logit of −∞ in a loss that multiplies',
    files: log({
      step: 0,
      loss: 'NaN',
      logits: [
        [1.5, 0.25, '-Infinity'],
        [0.75, 2, '-Infinity'],
      ],
      labels: [0, 1],
    }),
    told: [['non-finite', 'critical', 'R2']],
  },
  {
    about: 'several labels in a row, in batches that do not show it',
    files: batches((step) => {
      const probs = rowsAt(step, 4).map((row) => row.map((p) => p * 0.7))
      const labels = probs.map((row) =>
        row.map((_, c) => (step % 2 === 0 && c === 0 ? 1 : step % 3 === 0 && c === 1 ? 1 : 0)),
      )
      const loss = mean(probs.flatMap((row, i) => row.map((p, c) => -Math.log(labels[i]![c] === 1 ? p : 1 - p))))
      return { loss, probs, labels }
    }),
    told: [],
  },
  {
    about: 'a label that was ignored in the batches before, and is the only one now',
    files: log(
      ...steps(6).map((step) => {
        const [probs, labels] = [rowsAt(step), labelsAt(step)]
        return { step, loss: cost(probs.slice(0, 5), labels), probs, labels: [...labels.slice(0, 5), -1, -1] }
      }),
      { step: 6, loss: 'NaN', probs: rowsAt(6), labels: Array(7).fill(-1) },
    ),
    told: [['non-finite', 'critical', 'R10']],
  },
  {
    about: 'nll_loss of probabilities',
    files: batches((_, probs, labels) => ({ loss: -mean(probs.map((row, i) => row[labels[i]!]!)), probs, labels })),
    told: [['mismatch', 'warning', 'R32']],
  },
  {
    about: 'nll_loss of logits',
    files: batches((_, probs, labels) => {
      const logits = probs.map((row) => row.map((p) => Math.log(p) + 1.3))
      return { loss: -mean(logits.map((row, i) => row[labels[i]!]!)), logits, labels }
    }),
    told: [['mismatch', 'warning', 'R32']],
  },
  {
    about: 'a KL divergence from soft labels',
    files: batches((step, probs) => {
      const labels = rowsAt(step + 50)
      return {
        loss: mean(labels.map((row, i) => row.reduce((sum, t, c) => sum + t * Math.log(t / probs[i]![c]!), 0))),
        probs,
        labels,
      }
    }),
    told: [],
  },
  {
    about: 'the same over rows and classes',
    files: batches((step, probs) => {
      const labels = rowsAt(step + 50)
      return {
        loss: mean(labels.flatMap((row, i) => row.map((t, c) => t * Math.log(t / probs[i]![c]!)))),
        probs,
        labels,
      }
    }),
    told: [['mismatch', 'warning', 'R17']],
  },
  {
    about: 'labels of 1 and −1, with the losses in another file',
    files: {
      'preds.jsonl': jsonLines(
        ...steps(12).map((step) => ({
          step,
          logits: [0, 1, 2, 3].map((i) => 4 * wave(step + 7 * i) - 2),
          labels: [1, -1, 1, -1],
        })),
      ),
      ...lines(
        'train.log',
        steps(12).map((step) => {
          const costs = [0, 1, 2, 3].map((i) => {
            const [z, y] = [4 * wave(step + 7 * i) - 2, i % 2 === 0 ? 1 : -1]
            return Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)))
          })
          return `step ${step} loss ${mean(costs).toFixed(6)}`
        }),
      ),
    },
    told: [['mismatch', 'warning', 'R12']],
  },
  {
    about: 'a probability one ulp above 1',
    files: log(
      ...steps(8).map((step) => ({
        step,
        loss: 0.17435338714477774,
        probs: [
          [1.0000000000000002, 0, 0],
          [0.2, 0.7056, 0.0944],
        ],
        labels: [0, 1],
      })),
    ),
    told: [],
  },
  {
    about: 'the same in one column, at a label of 0',
    files: log({ step: 0, loss: 'NaN', probs: [1.0000001192092896, 0.4], labels: [0, 1] }),
    told: [['non-finite', 'critical', 'R1']],
  },
  {
    about: 'zeros of a sure softmax beside a NaN of one dump, and no loss before it',
    files: log({
      step: 900,
      loss: 'NaN',
      probs: [
        [1, 0, 0, 0, 1e-34],
        [0, 3e-33, 1, 0, 0],
      ],
      labels: [0, 2],
    }),
    told: [['non-finite', 'critical', 'R2']],
  },
  {
    about: 'a 0 of three decimals where the first batch, of a head that begins at 0, had nothing but quarters',
    files: log(
      {
        step: 0,
        loss: 1.386,
        probs: [
          [0.25, 0.25, 0.25, 0.25],
          [0.25, 0.25, 0.25, 0.25],
        ],
        labels: [1, 2],
      },
      {
        step: 1,
        loss: 0.231,
        probs: [
          [0.117, 0.713, 0.084, 0.086],
          [0.031, 0.021, 0.884, 0.064],
        ],
        labels: [1, 2],
      },
      {
        step: 2,
        loss: 4.655,
        probs: [
          [0, 1, 0, 0],
          [1, 0, 0, 0],
        ],
        labels: [1, 2],
      },
    ),
    told: [],
  },
  {
    about: 'a 0 among numbers of float16 in a text, in a batch of zeros and ones as well, beside losses of more digits',
    files: log(
      ...steps(4).map((step) => {
        const probs = rowsAt(step).map((row) => row.map(rounding('float16')))
        return { step, loss: cost(rowsAt(step), labelsAt(step)), probs, labels: labelsAt(step) }
      }),
      ...steps(4).map((step) => ({
        step: 4 + step,
        loss: 3.712345678 + step / 7,
        probs: [0, 1, 2, 0].map((c) => [0, 1, 2].map((j) => (j === c ? 1 : 0))),
        labels: [0, 1, 2, 1],
      })),
    ),
    told: [],
  },
  {
    about: 'evaluations that stand at ln 5 beside a training loss that scatters',
    files: lines('history.csv', [
      'epoch,loss,val_loss',
      ...steps(12).map(
        (epoch) => `${epoch},${1.63 + wave(epoch) / 4},${Math.log(5) + (wave(epoch + 50) - 0.5) / 2000}`,
      ),
    ]),
    told: [['chance-plateau', 'warning', null]],
    says: /10 evaluations.*ln 5.*Nothing that these data show was learned/,
  },
  {
    about: 'weights of classes that are NaN',
    files: log({ step: 0, loss: 'NaN', probs: rowsAt(3), labels: labelsAt(3), class_weights: ['NaN', 0, 0] }),
    told: [['non-finite', 'critical', 'R29']],
  },
  ...[
    { about: 'a weight of the positive class that is infinite', weight: 'Infinity' },
    { about: 'a weight of the positive class that is NaN', weight: 'NaN' },
  ].map(
    ({ about, weight }): Kind => ({
      about,
      files: log(
        { step: 0, pos_weight: 1.5, loss: 0.56, logits: [[1.1], [-0.4], [0.3]], labels: [1, 0, 1] },
        { step: 1, pos_weight: weight, loss: 'NaN', logits: [[0.9], [-0.7], [0.2]], labels: [1, 0, 0] },
      ),
      told: [['non-finite', 'critical', 'R29']],
      says: /pos_weight is not finite in the same record/,
    }),
  ),
  {
    about: 'a weight of the positive class that is infinite, and no predictions',
    files: log(
      ...steps(3).map((step) => ({ step, loss: 0.7 - step / 9, pos_weight: 2 })),
      ...steps(3).map((step) => ({ step: 3 + step, loss: 'NaN', pos_weight: 'Infinity' })),
    ),
    told: [['non-finite', 'critical', 'R29']],
  },
  {
    about: 'a weight that is infinite beside losses that are finite is none of theirs',
    files: log(...steps(6).map((step) => ({ step, loss: 0.7 - step / 9, pos_weight: 'Infinity' })), {
      step: 6,
      loss: 'NaN',
      pos_weight: 'Infinity',
    }),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a loss by the weights of the record',
    files: batches((step, probs, labels) => {
      const weights = labels.map((_, i) => 0.3 + wave(step + i))
      const costs = probs.map((row, i) => -Math.log(row[labels[i]!]!) * weights[i]!)
      return { loss: mean(costs) / mean(weights), probs, labels, sample_weight: weights }
    }),
    told: [],
  },
  {
    about: 'weights of rows that sum to 0',
    files: log({ step: 0, loss: 'NaN', probs: rowsAt(3), labels: labelsAt(3), sample_weight: Array(7).fill(0) }),
    told: [['non-finite', 'critical', 'R29']],
  },
  {
    about: 'predictions of held-out data beside a training loss that failed',
    files: {
      ...lines(
        'train.log',
        steps(20).map((step) => `step ${step} train_loss ${step < 19 ? (2 / (step + 1)).toFixed(4) : 'nan'}`),
      ),
      'val_preds.jsonl': jsonLines({
        step: 19,
        probs: [
          [1, 0, 0],
          [0, 1, 0],
        ],
        labels: [0, 1],
      }),
    },
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'logits that are NaN where the label is ignored',
    files: batches((step, probs, labels) => ({
      loss: cost(probs.slice(0, 6), labels),
      logits: [
        ...probs.slice(0, 6).map((row) => row.map(Math.log)),
        step % 2 === 0 ? Array(3).fill('NaN') : Array(3).fill('-Infinity'),
      ],
      labels: [...labels.slice(0, 6), -100],
    })),
    told: [],
  },
  {
    about: 'exp of a cross-entropy that overflows is no log of a softmax',
    files: log(
      {
        step: 0,
        loss: 7.3890561,
        logits: [
          [0, 2],
          [0, 40],
        ],
        labels: [1, 1],
      },
      {
        step: 1,
        loss: 'Infinity',
        logits: [
          [0, 120],
          [4, 0],
        ],
        labels: [0, 0],
      },
    ),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a validation loss that is right for the predictions, beside a training loss that is not theirs',
    files: batches((_, probs, labels) => ({
      train_loss: 0.7 * cost(probs, labels),
      val_loss: cost(probs, labels),
      probs,
      labels,
    })),
    told: [],
  },
  {
    about: 'each guess against each label',
    files: batches((step) => {
      const probs = steps(9).map((i) => 0.1 + 0.8 * wave(31 * step + i))
      const labels = steps(9).map((i) => (wave(step + 7 * i) > 0.5 ? 1 : 0))
      return { loss: mean(probs.flatMap((p) => labels.map((y) => -Math.log(y === 1 ? p : 1 - p)))), probs, labels }
    }),
    told: [['mismatch', 'warning', 'R35']],
  },
  {
    about: 'a loss with a term that is added, beside its cross-entropy',
    files: batches((step, probs, labels) => ({
      loss: cost(probs, labels) + 0.2 + 0.05 * wave(step),
      ce_loss: cost(probs, labels),
      l2: 0.2 + 0.05 * wave(step),
      probs,
      labels,
    })),
    told: [],
  },
  {
    about: 'kl_div of probabilities, under the name of a part',
    files: batches((step, probs) => {
      const labels = rowsAt(step + 50)
      const rows = labels.map((row, i) => row.reduce((sum, t, c) => sum + t * (Math.log(t) - probs[i]![c]!), 0))
      return { kl_loss: mean(rows), probs, labels }
    }),
    told: [['mismatch', 'warning', 'R32']],
  },
  {
    about: 'losses in another file that are far from any cross-entropy of the predictions, and then a failure',
    files: {
      'preds.jsonl': jsonLines(
        ...steps(9).map((step) => ({
          step,
          probs: step < 8 ? rowsAt(step) : [...rowsAt(step, 6), [1, 0, 0]],
          labels: step < 8 ? labelsAt(step) : [...labelsAt(step, 6), 1],
        })),
      ),
      ...lines(
        'train.log',
        steps(9).map(
          (step) =>
            `step ${step} loss ${step < 8 ? ((30 + 20 * wave(step)) * cost(rowsAt(step), labelsAt(step))).toFixed(4) : 'inf'}`,
        ),
      ),
    },
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a focal loss',
    files: batches((_, probs, labels) => ({
      loss: mean(probs.map((row, i) => -((1 - row[labels[i]!]!) ** 2) * Math.log(row[labels[i]!]!))),
      probs,
      labels,
    })),
    told: [],
  },
  {
    about: 'rows without any label where each class is a question',
    files: log(
      {
        step: 0,
        loss: 0.7,
        probs: [
          [0.4, 0.5, 0.7],
          [0.5, 0.4, 0.2],
        ],
        labels: [
          [0, 1, 1],
          [1, 0, 1],
        ],
      },
      {
        step: 1,
        loss: 'NaN',
        probs: [
          [0.4, 0.5, 0.7],
          [0.5, 0.4, 0.2],
        ],
        labels: [
          [0, 0, 0],
          [0, 0, 0],
        ],
      },
    ),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a head that begins at 0',
    files: batches((step, probs, labels) => {
      const near = probs.map((row) => softmax(row.map((p) => 0.02 * step * p)))
      return { loss: cost(near, labels), probs: near, labels }
    }),
    told: [],
  },
  {
    about: 'labels from 1 to K',
    files: batches((step, probs) => {
      const labels = steps(7).map((i) => (i % 3 === 2 ? 3 : 1 + ((i + step) % 2)))
      const costs = probs.map((row, i) => (labels[i] === 3 ? 0 : -Math.log(row[labels[i]!]!)))
      return { loss: mean(costs), probs, labels }
    }),
    told: [['mismatch', 'warning', 'R11']],
  },
  {
    about: 'a rise far below where the loss began is no explosion',
    files: log(
      ...[2.1, 1.2, 0.6, 0.3, 0.1, 0.04, 0.01, 0.004, 0.001, 0.01, 0.09, 'NaN'].map((loss, step) => ({ step, loss })),
    ),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'nor is one of a gradient norm',
    files: log(
      ...[1.9, 0.2, 1e-3, 2e-6, 5e-8, 0.03].map((grad_norm, step) => ({ step, loss: 1.3 - 0.1 * step, grad_norm })),
      { step: 6, loss: 'Infinity', grad_norm: 'NaN' },
    ),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a loss of exactly 0 beside a gradient norm that is NaN',
    files: lines('trainer.log', [
      ...steps(6).map(
        (n) =>
          `{'loss': ${(2.4 - 0.07 * n).toFixed(2)}, 'grad_norm': 1.4, 'learning_rate': 3e-05, 'epoch': ${(n / 10).toFixed(1)}}`,
      ),
      ...steps(6).map(
        (n) => `{'loss': 0.0, 'grad_norm': nan, 'learning_rate': 3e-05, 'epoch': ${(0.6 + n / 10).toFixed(1)}}`,
      ),
    ]),
    told: [['non-finite', 'warning', null]],
    says: /loss is exactly 0 beside it/,
  },
  {
    about: 'a NaN gradient before the loss',
    files: log(
      { step: 0, loss: 0.57, grad_norm: 1.4 },
      { step: 1, loss: 0.62, grad_norm: 'NaN' },
      { step: 2, loss: 'NaN', grad_norm: 'NaN' },
    ),
    told: [['non-finite', 'critical', 'R28']],
    says: /at step 1/,
  },
  {
    about: 'the same with predictions, which are NaN after it',
    files: log(
      { step: 0, loss: cost(rowsAt(0), labelsAt(0)), grad_norm: 1.2, probs: rowsAt(0), labels: labelsAt(0) },
      { step: 1, loss: cost(rowsAt(1), labelsAt(1)), grad_norm: 'NaN', probs: rowsAt(1), labels: labelsAt(1) },
      { step: 2, loss: 'NaN', grad_norm: 'NaN', probs: Array(7).fill(['NaN', 'NaN', 'NaN']), labels: labelsAt(2) },
    ),
    told: [['non-finite', 'critical', 'R28']],
    says: /at step 1/,
  },
  {
    about: 'a gradient that is infinite before the loss',
    files: log(
      { step: 0, loss: 1.2, grad_norm: 0.9 },
      { step: 1, loss: 1.3, grad_norm: 'Infinity' },
      { step: 2, loss: 'NaN', grad_norm: 'NaN' },
    ),
    told: [['non-finite', 'critical', 'R28']],
    says: /at step 1/,
  },
  {
    about: 'the term that broke the sum',
    files: log(
      { step: 0, loss: 1.3, ce_loss: 1.1, kl: 0.2 },
      { step: 1, loss: 1.2, ce_loss: 1.0, kl: 0.2 },
      { step: 2, loss: 'NaN', ce_loss: 0.95, kl: 'NaN' },
    ),
    told: [['non-finite', 'critical', 'R33']],
    says: /the term to look at is kl/,
  },
  {
    about: 'the clip of Keras, twice over',
    files: log(
      ...steps(8).map((step) => {
        const [probs, labels] = [
          [0, 1, 0, 0.4, 0.7],
          [1, 0, 0, step % 2, 1],
        ]
        const [low, round] = [Math.fround(1e-7), Math.fround]
        const clip = (p: number) => Math.min(Math.max(p, low), round(1 - low))
        const loss = mean(probs.map((p, i) => -Math.log(round((labels[i] === 1 ? clip(p) : round(1 - clip(p))) + low))))
        return { step, loss: Math.fround(loss), probs, labels }
      }),
    ),
    told: [
      ['log-zero', 'warning', 'R16'],
      ['mismatch', 'warning', 'R16'],
    ],
  },
  {
    about: 'the clip of Caffe',
    files: log(
      ...steps(8).map((step) => {
        const [probs, labels] = [
          [
            [1, 0, 0],
            [0, 1, 0],
            [0.25, 0.35, 0.4],
            [0, 0, 1],
          ],
          [1, 1, step % 3, 2],
        ]
        return {
          step,
          loss: mean(probs.map((row, i) => -Math.log(Math.max(row[labels[i]!]!, 2 ** -126)))),
          probs,
          labels,
        }
      }),
    ),
    told: [['mismatch', 'warning', 'R16']],
  },
  {
    about: 'sixty epochs at ln 2',
    files: lines('log.csv', [
      'epoch,loss,val_loss',
      ...steps(60).map((n) => `${n},${(Math.LN2 + 0.0001 * (n % 2)).toFixed(4)},0.6932`),
    ]),
    told: [
      ['chance-plateau', 'warning', null],
      ['no-progress', 'info', null],
    ],
  },
  {
    about: 'probabilities of whole numbers under their own name',
    files: log(
      { step: 0, loss: 0.4632, probs: [0.7, 0.4, 0.6], y_true: [1, 0, 1] },
      { step: 1, loss: 0.2231, probs: [0.8, 0.2, 0.8], y_true: [1, 0, 1] },
      { step: 2, loss: 'Infinity', probs: [1, 0, 0], y_true: [1, 0, 1] },
    ),
    told: [['non-finite', 'critical', 'R1']],
  },
  {
    about: 'forty epochs at ln 10',
    files: lines(
      'keras.log',
      steps(40).flatMap((epoch) => [
        `Epoch ${epoch + 1}/40`,
        `390/390 - 4s - loss: ${(Math.LN10 + 0.0001 * ((epoch * 7) % 3)).toFixed(4)} - accuracy: 0.0987 - val_loss: 2.3026 - val_accuracy: 0.1000`,
      ]),
    ),
    told: [
      ['chance-plateau', 'warning', null],
      ['no-progress', 'info', null],
    ],
  },
  {
    about: 'a loss that began above 0 and falls without end',
    files: lines(
      'train.log',
      steps(50).map((step) => `step ${step} loss ${(0.9 - 17 * step).toFixed(3)}`),
    ),
    told: [['negative-loss', 'info', null]],
  },
  {
    about: 'predictions under a name that guessed classes have, too, once they are whole',
    files: log(
      { step: 0, loss: 0.4632, y_pred: [0.7, 0.4, 0.6], y_true: [1, 0, 1] },
      { step: 1, loss: 0.2231, y_pred: [0.8, 0.2, 0.8], y_true: [1, 0, 1] },
      { step: 2, loss: 'Infinity', y_pred: [1, 0, 0], y_true: [1, 0, 1] },
    ),
    told: [['non-finite', 'critical', 'R1']],
  },
  ...[
    { about: 'a squared error', lossOf: (p: number, y: number) => (p - y) ** 2 },
    { about: 'an absolute error', lossOf: (p: number, y: number) => Math.abs(p - y) },
    { about: 'a Poisson likelihood', lossOf: (p: number, y: number) => p - y * Math.log(Math.abs(p)) },
  ].map(({ about, lossOf }) => ({
    about: `${about} of targets that are no classes`,
    files: log(
      ...steps(8).map((step) => {
        const targets = steps(6).map((i) => 7 * wave(11 * step + i) - 1)
        const guesses = targets.map((y, i) => y + 0.4 * wave(step + 60 * i))
        return { step, loss: mean(targets.map((y, i) => lossOf(guesses[i]!, y))), y_pred: guesses, y_true: targets }
      }),
    ),
    told: [],
  })),
  {
    about: 'a target that is NaN, beside predictions of a regression in another file',
    files: {
      ...lines(
        'train.log',
        steps(20).map((step) => `step ${step} loss ${step === 15 ? 'nan' : (0.04 + 0.01 * wave(step)).toFixed(5)}`),
      ),
      'dump.jsonl': jsonLines(
        ...steps(20).map((step) => {
          const targets = steps(5).map((i) => (step === 15 && i === 2 ? 'NaN' : 6 * wave(7 * step + i)))
          return { step, y_pred: steps(5).map((i) => 6 * wave(7 * step + i) + 0.2), y_true: targets }
        }),
      ),
    },
    told: [['non-finite', 'critical', 'R30']],
  },
  {
    about: 'a softmax that would have overflowed before, and did not',
    files: log(
      ...steps(3).map((step) => ({
        step,
        loss: step === 2 ? 'NaN' : 55,
        logits: [
          [160, 50],
          [20, 140],
        ],
        labels: [1, 1],
      })),
    ),
    told: [['non-finite', 'critical', null]],
    says: /something else/,
  },
  {
    about: 'labels of -1 and 1 under a loss of margins',
    files: log(
      ...steps(9).map((step) => {
        const labels = steps(12).map((i) => (wave(5 * step + i) < 0.5 ? -1 : 1))
        const logits = labels.map((y, i) => 1.5 * y + 2 * wave(31 * step + i) - 1)
        const loss = mean(labels.map((y, i) => Math.log1p(Math.exp(-y * logits[i]!))))
        return { step, loss, logits, labels }
      }),
    ),
    told: [],
  },
  {
    about: 'a recall and a precision beside a divergence that breaks with the loss',
    files: lines(
      'train.log',
      steps(12).map((epoch) => {
        const broken = epoch === 11
        return `epoch ${epoch} loss ${broken ? 'nan' : 1.1 - 0.03 * epoch} prec 0.${61 + epoch} rec 0.${52 + epoch} kl ${broken ? 'nan' : 0.2}`
      }),
    ),
    told: [['non-finite', 'critical', null]],
  },
  ...(
    [
      ['recon', 'kl'],
      ['rec', 'kl'],
      ['Lrec', 'kld'],
      ['train/rec', 'train/kl'],
      ['ce', 'style'],
      ['nll', 'mlm_loss'],
      ['reconstruction_loss', 'tc'],
    ] as const
  ).map(([sound, broken]) => ({
    about: `a sum of ${sound} and ${broken}, of which the latter breaks`,
    files: lines(
      'train.log',
      steps(12).map((epoch) => {
        const [one, other] = [0.8 - 0.02 * epoch, 0.3 + 0.01 * epoch]
        const sum = epoch === 11 ? 'nan' : (one + other).toFixed(4)
        return `epoch ${epoch} loss ${sum} ${sound} ${one.toFixed(4)} ${broken} ${epoch === 11 ? 'nan' : other.toFixed(4)}`
      }),
    ),
    told: [['non-finite', 'critical', 'R33']] as const,
    says: new RegExp(`the term to look at is ${broken}`),
  })),
  {
    about: 'a zero at a label, after losses that no way of computing gives',
    files: batches((step, probs, labels) => {
      const entropy = mean(probs.map((row) => -row.reduce((sum, p) => sum + p * Math.log(p), 0)))
      return step < 7
        ? { loss: cost(probs, labels) - 0.07 * entropy, probs, labels }
        : { loss: 'NaN', probs: [[0, 0.625, 0.375], ...probs.slice(1)], labels: [0, ...labels.slice(1)] }
    }),
    told: [
      ['mismatch', 'info', null],
      ['non-finite', 'critical', null],
    ],
  },
  {
    about: 'the two likeliest classes of each row, and 0 for the others',
    files: batches((_, all, labels) => {
      const probs = all.map((row, i) => row.map((p, c) => (c === labels[i] || p === Math.max(...row) ? p : 0)))
      return { loss: cost(all, labels), probs, labels }
    }),
    told: [],
  },
  {
    about: 'a binary loss of each class that meets a probability of 1 beside none of 0',
    files: batches((step, probs, labels) => {
      const given = step < 7 ? probs : [[1, 3e-19, 2e-21], ...probs.slice(1)]
      const truth = step < 7 ? labels : [0, ...labels.slice(1)]
      const loss = mean(given.flatMap((row, i) => row.map((p, c) => -Math.log(c === truth[i] ? p : 1 - p))))
      return { loss: step < 7 ? loss : 'NaN', probs: given, labels: truth }
    }),
    told: [['non-finite', 'critical', 'R2']],
    says: /A class got a probability of exactly 1/,
  },
  {
    about: 'a probability of 1 beside right losses, and a NaN from elsewhere',
    files: batches((step, probs, labels) => ({
      loss: step < 7 ? cost(probs, labels) : 'NaN',
      probs: step < 7 ? probs : [[1, 3e-19, 2e-21], ...probs.slice(1)],
      labels: step < 7 ? labels : [0, ...labels.slice(1)],
    })),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a divergence that is written out, and a target of 0',
    files: batches((step, probs) => {
      const targets = rowsAt(step + 70)
      const loss = mean(targets.map((row, i) => row.reduce((sum, t, c) => sum + t * Math.log(t / probs[i]![c]!), 0)))
      return step < 7
        ? { loss, probs, labels: targets }
        : { loss: 'NaN', probs, labels: [[0, 0.4375, 0.5625], ...targets.slice(1)] }
    }),
    told: [['non-finite', 'critical', 'R2']],
    says: /A target of this batch is exactly 0/,
  },
  {
    about: 'a target of 0 beside losses that are no divergence',
    files: batches((step, probs) => {
      const targets = [[0, 0.4375, 0.5625], ...rowsAt(step + 70).slice(1)]
      const loss = mean(targets.map((row, i) => row.reduce((sum, t, c) => sum - t * Math.log(probs[i]![c]!), 0)))
      return { loss: step < 7 ? loss : 'NaN', probs, labels: targets }
    }),
    told: [['non-finite', 'critical', null]],
  },
  {
    about: 'a sum over the rows that multiplies, at a zero beside a label',
    files: log(
      ...steps(9).map((step) => {
        const [probs, labels] = [rowsAt(step), labelsAt(step)]
        return step < 8
          ? { step, loss: 7 * cost(probs, labels), probs, labels }
          : { step, loss: 'NaN', probs: [[0.6875, 0.3125, 0], ...probs.slice(1)], labels: [1, ...labels.slice(1)] }
      }),
    ),
    told: [
      ['mismatch', 'warning', 'R17'],
      ['non-finite', 'critical', 'R2'],
    ],
  },
  {
    about: 'such a sum, which zeros beside a label did not break before',
    files: log(
      ...steps(9).map((step) => {
        const zero = [[0.6875, 0.3125, 0], ...rowsAt(step).slice(1)]
        const [probs, labels] = [step % 2 === 0 ? zero : rowsAt(step), [1, ...labelsAt(step).slice(1)]]
        return { step, loss: step < 8 ? 7 * cost(probs, labels) : 'NaN', probs, labels }
      }),
    ),
    told: [
      ['mismatch', 'warning', 'R17'],
      ['non-finite', 'critical', null],
    ],
  },
  {
    about: 'smoothed labels, and a zero beside the label',
    files: log(
      ...steps(9).map((step) => {
        const [probs, labels] = [rowsAt(step), labelsAt(step)]
        const ofAll = mean(probs.flatMap((row) => row.map((p) => -Math.log(p))))
        return step < 8
          ? { step, loss: 0.9 * cost(probs, labels) + 0.1 * ofAll, probs, labels }
          : { step, loss: 'Infinity', probs: [[0.6875, 0.3125, 0], ...probs.slice(1)], labels: [1, ...labels.slice(1)] }
      }),
    ),
    told: [
      ['mismatch', 'info', 'R19'],
      ['non-finite', 'critical', 'R1'],
    ],
  },
  { about: 'weights of a yes to each question, in the record', files: ofRareAnswers([]), told: [] },
  {
    about: 'one of them that is infinite',
    files: ofRareAnswers([7]),
    told: [['non-finite', 'critical', 'R29']],
    says: /a weight is NaN or infinite/,
  },
]

test.each(KINDS)('$about', ({ files, told, says }) => {
  const run = new WatchedRun()
  for (const [name, text] of Object.entries(files)) run.read(name, text, true)
  const shown = run.alerts
    .filter(({ partOf }) => partOf === null)
    .map(({ rule, severity, cause }): Told => {
      const isNamed = cause !== null && cause.code !== null && cause.confidence !== 'weak'
      return [rule, severity, isNamed ? cause.code.split('-')[0]! : null]
    })
  expect(shown).toEqual(told)
  if (says !== undefined) expect(messageOf(run.alerts.find(({ partOf }) => partOf === null)!)).toMatch(says)
})
