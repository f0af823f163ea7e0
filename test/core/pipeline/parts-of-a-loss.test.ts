import { expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

interface Case {
  readonly about: string
  readonly rows: (epoch: number) => readonly Readonly<Record<string, number>>[]
  readonly alerts: readonly (readonly [rule: string, metric: string, severity: string])[]
}

const EPOCHS = 70
/** A part that falls at first and rises from its tenth epoch on. */
const turning = (epoch: number, share: number) =>
  epoch < 10 ? 1 - 0.05 * epoch : 0.55 * (1 + (share * (epoch - 10)) / 60) + 0.001 * (epoch % 3)
/** One that falls all the time, by more. */
const falling = (epoch: number) => 5 / (1 + epoch / 8) + 0.002 * (epoch % 3)
const training = (epoch: number) => ({ 'train/box_loss': falling(epoch) + 0.1, 'train/obj_loss': falling(epoch) / 3 })

const CASES: readonly Case[] = [
  {
    about: 'a part that rises while the sum of the parts falls',
    rows: (epoch) => [
      { epoch, ...training(epoch), 'val/box_loss': falling(epoch), 'val/obj_loss': turning(epoch, 0.4) },
    ],
    alerts: [],
  },
  {
    about: 'a part that rises, and the sum with it',
    rows: (epoch) => [
      { epoch, ...training(epoch), 'val/box_loss': falling(epoch) / 20, 'val/obj_loss': turning(epoch, 2) },
    ],
    alerts: [['overfit', 'val/obj_loss', 'warning']],
  },
  {
    about: 'the only part that a log has of held-out data is its loss',
    rows: (epoch) => [{ epoch, ...training(epoch), 'val/obj_loss': turning(epoch, 2) }],
    alerts: [['overfit', 'val/obj_loss', 'warning']],
  },
  {
    about: 'a part in a record of its own has no sum',
    rows: (epoch) => [
      { epoch, 'val/box_loss': falling(epoch) },
      { epoch, 'val/obj_loss': turning(epoch, 0.4) },
    ],
    alerts: [['overfit', 'val/obj_loss', 'info']],
  },
  {
    about: 'a part of a model with one class, in a record of its own',
    rows: (epoch) => [
      { epoch, 'train/box_loss': falling(epoch) },
      { epoch, 'train/cls_loss': 0 },
    ],
    alerts: [],
  },
  {
    about: 'the only part of a log that is 0',
    rows: (epoch) => [{ epoch, 'train/cls_loss': 0 }],
    alerts: [['frozen', 'train/cls_loss', 'warning']],
  },
]

test.each(CASES)('$about', ({ rows, alerts }) => {
  const records = Array.from({ length: EPOCHS }, (_, epoch) => rows(epoch + 1)).flat()
  const log = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const run = new WatchedRun().read('metrics.jsonl', log, true)
  expect(run.alerts.map(({ rule, metric, severity }) => [rule, metric, severity])).toEqual(alerts)
})
