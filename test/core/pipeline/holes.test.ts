import { describe, expect, test } from 'vitest'
import { bySeverity } from '../../../src/protocol/alert.ts'
import { WatchedRun } from './watched-run.ts'

const RECORDS = 60
const loss = (n: number) => 2 * Math.exp(-n / 30) + 0.3 + 0.01 * ((n * 7) % 5)
/** A value, or in its place `hole`, at the record n. */
const valueAt = (n: number, isHole: boolean, hole: string) => (isHole ? hole : (1.1 * loss(n)).toFixed(4))

function gravestOf(log: readonly string[]) {
  const { alerts } = new WatchedRun().read('train.log', `${log.join('\n')}\n`, true)
  const worst = alerts.toSorted((one, other) => bySeverity(one.severity, other.severity))[0]
  return worst === undefined ? null : { severity: worst.severity, step: worst.step }
}

const records = (row: (n: number) => string) => Array.from({ length: RECORDS }, (_, n) => row(n + 1))

describe('a validation loss that is not always measured', () => {
  const LAYOUTS: Readonly<Record<string, (n: number, train: string, val: string) => string>> = {
    pairs: (n, train, val) => `epoch ${n} loss ${train} val_loss ${val} val_acc ${/^[ni]/.test(val) ? 'nan' : 0.5}`,
    json: (n, train, val) => `{"step": ${n}, "train": {"loss": ${train}}, "val": {"loss": ${val}}}`,
    'lines of their own': (n, train, val) => `Epoch ${n}\nTrain loss: ${train}\nValidation loss: ${val}`,
    parts: (n, train, val) => `step ${n} train/box_loss=${train} val/box_loss=${val}`,
  }
  const COURSES: readonly { about: string; isHole: (n: number) => boolean; gravest: string | null }[] = [
    { about: 'from the fifth record on', isHole: (n) => n < 5, gravest: 'info' },
    { about: 'at each fifth record', isHole: (n) => n % 5 > 0, gravest: 'info' },
    { about: 'at the first and each fifth record', isHole: (n) => n % 5 !== 1, gravest: null },
    { about: 'at the first and each twentieth record', isHole: (n) => n % 20 !== 1, gravest: 'info' },
    { about: 'twice in six records', isHole: (n) => n % 6 < 4, gravest: 'info' },
    { about: 'never', isHole: () => true, gravest: 'info' },
    { about: 'until it breaks', isHole: (n) => n >= 40, gravest: 'critical' },
    { about: 'from the fifth record on, until it breaks', isHole: (n) => n < 5 || n >= 40, gravest: 'critical' },
    { about: 'at the first record, after which it breaks', isHole: (n) => n > 1, gravest: 'critical' },
    { about: 'at each fifth record, until it breaks', isHole: (n) => n % 5 > 0 || n > 30, gravest: 'critical' },
  ]
  for (const [layout, row] of Object.entries(LAYOUTS))
    for (const hole of ['nan', 'inf'])
      for (const { about, isHole, gravest } of COURSES)
        test(`${layout}, ${hole}: measured ${about}`, () => {
          const spelled = layout === 'json' ? (hole === 'nan' ? 'NaN' : 'Infinity') : hole
          const log = records((n) => row(n, loss(n).toFixed(4), valueAt(n, isHole(n), spelled)))
          // Sixty epochs without one are too many.
          const isOfEpochs = about === 'never' && /epoch/i.test(log[0]!)
          expect(gravestOf(log)?.severity ?? null).toBe(isOfEpochs ? 'warning' : gravest)
        })

  test('it is warned of where it was evaluated each time and never was finite', () => {
    const beside = records((n) => `step ${n * 50} loss ${loss(n).toFixed(3)} val_loss nan val_acc ${(0.5).toFixed(3)}`)
    expect(gravestOf(beside.slice(0, 2))?.severity).toBe('info')
    expect(gravestOf(beside)?.severity).toBe('warning')
    const late = beside.map((line, at) => (at < 2 ? line : line.replace('nan', '0.81')))
    expect(gravestOf(late)?.severity).toBe('info')
    const table = records((n) => `${n},${loss(n).toFixed(3)},nan`)
    expect(gravestOf(['epoch,train_loss,val_loss', ...table.slice(0, 9)])?.severity).toBe('info')
    expect(gravestOf(['epoch,train_loss,val_loss', ...table.slice(0, 10)])?.severity).toBe('warning')
  })

  test('beside a training loss that is NaN it is told', () => {
    const log = records(
      (n) => `epoch ${n} loss ${n < 40 ? loss(n).toFixed(3) : 'nan'} val_loss ${valueAt(n, n % 5 > 0, 'nan')}`,
    )
    expect(gravestOf(log)).toEqual({ severity: 'critical', step: 40 })
  })

  test('where only an evaluation logs it, it is told at once', () => {
    const log = records((n) => (n % 20 === 0 ? `step ${n} val_loss: nan` : `step ${n} loss: ${loss(n).toFixed(3)}`))
    expect(gravestOf(log)).toEqual({ severity: 'critical', step: 20 })
    const inOneRecord = [...log.slice(0, 9), 'epoch 1 results: [train] loss=0.9, acc=0.5, [valid] loss=nan, acc=0.4']
    expect(gravestOf(inOneRecord)).toMatchObject({ severity: 'critical' })
  })

  test('beside a training loss of exactly 0, which may hide a NaN, it is told', () => {
    const log = ["{'loss': 0.0, 'epoch': 1}", "{'eval_loss': nan, 'epoch': 1}"]
    expect(gravestOf(log)).toMatchObject({ severity: 'critical' })
  })

  test('beside no training loss it is told at once', () => {
    expect(gravestOf(['epoch 1 val_loss nan', 'epoch 2 val_loss nan'])).toEqual({ severity: 'critical', step: 1 })
  })

  test('the best one so far is infinite at first', () => {
    const log = records((n) => `epoch ${n} loss ${loss(n).toFixed(3)} best_loss ${n < 2 ? 'inf' : loss(n).toFixed(3)}`)
    expect(gravestOf(log)?.severity ?? 'info').toBe('info')
    expect(gravestOf(['{"step": 1, "loss": 2.5, "best_loss": Infinity}'])?.severity).toBe('info')
  })
})

test('a validation loss that was a number once is told at the third that is none, where its accuracy is one', () => {
  const rows: readonly ((n: number, value: string) => string[])[] = [
    (n, value) => [
      `Epoch ${n}:`,
      `  Train - Loss: ${loss(n).toFixed(2)}, Acc: 0.31`,
      `  Val   - Loss: ${value}, Acc: 0.32`,
    ],
    (n, value) => [`epoch ${n} loss ${loss(n).toFixed(3)} val_loss ${value} val_acc 0.32`],
    (n, value) => [
      `{'loss': ${loss(n).toFixed(3)}, 'epoch': ${n}}`,
      `{'eval_loss': ${value}, 'eval_accuracy': 0.5, 'epoch': ${n}}`,
    ],
  ]
  for (const row of rows) {
    const log = (count: number) => Array.from({ length: count }, (_, n) => row(n + 1, n === 0 ? '2.85' : 'nan')).flat()
    expect(gravestOf(log(3))?.severity ?? 'info').toBe('info')
    expect(gravestOf(log(5))?.severity).toBe('critical')
  }
})

describe('the only series of a log, whatever its name', () => {
  const LAYOUTS: readonly ((n: number, name: string, value: string) => string)[] = [
    (n, name, value) => `iter ${n} ${name} ${value} time 0.3s`,
    (n, name, value) => `epoch ${n} | ${name}: ${value} | eta: 0:01:05 | tok/s: 1200.5 | gpu mem: 3.1`,
    (n, name, value) => `{"step": ${n}, "${name}": ${value.replace('nan', 'NaN')}, "lr": 0.001}`,
  ]
  for (const name of ['J', 'free_energy', 'residual', 'criterion', 'chi2', 'log_likelihood', 'total_energy', 'H'])
    test(`${name} that is NaN to its end is told where that began`, () => {
      for (const row of LAYOUTS)
        expect(gravestOf(records((n) => row(n, name, valueAt(n, n >= 40, 'nan'))))).toEqual({
          severity: 'critical',
          step: 40,
        })
    })

  test('one that comes back is noted', () => {
    expect(gravestOf(records((n) => `iter ${n} residual ${valueAt(n, n === 30, 'nan')}`))?.severity).toBe('info')
    expect(gravestOf(records((n) => `iter ${n} residual ${valueAt(n, n % 3 > 0, 'nan')}`))?.severity ?? 'info').toBe(
      'info',
    )
  })

  for (const name of ['auc', 'recall', 'pearson', 'score', 'accuracy'])
    test(`${name}, a measure, may be NaN where there is nothing to measure`, () => {
      const severityOf = (isHole: (n: number) => boolean) =>
        gravestOf(records((n) => `iter ${n} ${name} ${valueAt(n, isHole(n), 'nan')} time 0.3s`))?.severity ?? 'info'
      expect(severityOf((n) => n < 9)).toBe('info')
      expect(severityOf((n) => n > 20 && n < 27)).toBe('info')
      expect(severityOf((n) => n % 4 > 0)).toBe('info')
      expect(severityOf((n) => n >= 40)).toBe('warning')
    })

  test('a time, a rate or a size is none', () => {
    for (const name of ['eta', 'tok/s', 'gpu_mem', 'batch_time', 'progress'])
      expect(
        gravestOf(records((n) => `iter ${n} gizmo 0.5 ${name} ${valueAt(n, n >= 40, 'nan')}`))?.severity ?? 'info',
      ).toBe('info')
  })
})
