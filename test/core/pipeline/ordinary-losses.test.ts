import { expect, test } from 'vitest'
import { bySeverity } from '../../../src/protocol/alert.ts'
import { WatchedRun } from './watched-run.ts'

/** Noise that is the same in each run, uniform in [0, 1). */
function noise(seed: number): () => number {
  let state = seed * 7919 + 17
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

const rows = (count: number, row: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `${row(n + 1)}\n`).join('')

function worstOf(log: string): string | null {
  const { alerts } = new WatchedRun().read('train.log', log, true)
  return alerts.map(({ severity }) => severity).sort(bySeverity)[0] ?? null
}

for (const seed of [1, 2, 3, 4, 5]) {
  for (const share of [0.2, 0.35, 0.6]) {
    test(`losses that are 0 for ${share} of the batches are no failure (${seed})`, () => {
      const random = noise(seed)
      const log = rows(500, (n) => `iter ${n} loss ${random() < share ? '0.0000' : (5 + 8 * random()).toFixed(4)}`)
      expect([null, 'info']).toContain(worstOf(log))
    })
  }
}

test('zeros that stay where a loss was are told', () => {
  expect(worstOf(rows(60, (n) => `iter ${n} loss ${n > 30 ? 0 : (2 + (n % 5) / 10).toFixed(3)}`))).not.toBe(null)
})

test('zeros of a policy that gains all the same are none', () => {
  const log = rows(
    90,
    (n) => `{'loss': ${n < 9 ? 0.02 : 0.0}, 'grad_norm': 0.${12 + (n % 7)}, 'reward': 0.${4 + (n % 4)}, 'step': ${n}}`,
  )
  expect(worstOf(log)).toBe(null)
})

test('zeros from the first record on are told at the fiftieth', () => {
  const of = (count: number) => rows(count, (n) => `step ${n} loss 0.0000`)
  expect(worstOf(of(49))).toBe(null)
  expect(worstOf(of(50))).toBe('warning')
})

const REASONS: Readonly<Record<string, string>> = {
  'a reward': 'loss 0.0000 reward_mean 0.1',
  'a gradient norm': 'loss 0.0000 grad_norm 0.02',
  'another part': 'loss_mask 0.0000 loss_box 1.2',
}
for (const [reason, record] of Object.entries(REASONS)) {
  test(`zeros from the first record on beside ${reason} are none`, () => {
    const random = noise(3)
    const log = rows(
      80,
      (n) => `step ${n} ${record.replace(/[\d.]+$/, (last) => (Number(last) * (1 + random())).toFixed(4))}`,
    )
    expect(worstOf(log)).toBe(null)
  })
}

test('a spike that a second logger writes again is one value', () => {
  const random = noise(2)
  const log = rows(200, (n) => {
    const loss = (0.8 * (1 + 0.08 * random()) * (n === 140 ? 25 : 1)).toFixed(4)
    return `INFO:train:step ${n} loss ${loss}\nI0301 11:00:00.123456 77 loop.py:9] step ${n} loss ${loss}`
  })
  expect(worstOf(log)).toBe('warning')
})

test('a loss that stands still at one step is seen, though each line may be drawn again', () => {
  expect(worstOf(rows(80, () => 'epoch 3 loss 0.69314718'))).toBe('warning')
})

const HUGE: Readonly<Record<string, number>> = { 'in the first values': 6, 'before the warm-up is over': 46, later: 80 }
for (const [when, at] of Object.entries(HUGE)) {
  test(`one value of 1e30 is critical ${when}`, () => {
    expect(worstOf(rows(110, (n) => `step ${n} loss ${n === at ? '1.7e30' : (0.2 + (n % 7) / 100).toFixed(3)}`))).toBe(
      'critical',
    )
  })
}

test('a loss that begins huge and falls is none', () => {
  expect(
    worstOf(rows(60, (n) => `step ${n} loss ${n < 4 ? 3e8 / n : (4 * 0.97 ** n + 0.01 * (n % 3)).toFixed(4)}`)),
  ).toBe(null)
})

test('a part that grows from nothing is none', () => {
  expect(
    worstOf(
      rows(60, (n) => `step ${n} loss ${(3 - n / 100).toFixed(3)} kl_loss ${n < 8 ? 1e-11 : (0.001 * n).toFixed(4)}`),
    ),
  ).toBe(null)
})

test('noise of two decades beside a return is none', () => {
  const random = noise(9)
  const log = rows(300, (n) => `update ${n} return ${20 + n / 4} loss ${(10 ** (2 * random() - 0.5)).toFixed(3)}`)
  expect([null, 'info']).toContain(worstOf(log))
})

test.each([1, 3, 9])(
  '%i losses that are NaN beside such a gradient norm stay critical once both are finite again',
  (count) => {
    const isBroken = (step: number) => step > 40 && step <= 40 + count
    const log = Array.from({ length: 60 }, (_, n) => {
      const [loss, norm] = isBroken(n + 1) ? ['nan', 'nan'] : [(2.5 - n / 50).toFixed(2), (1 + (n % 7) / 10).toFixed(1)]
      return `{'loss': ${loss}, 'grad_norm': ${norm}, 'learning_rate': 0.0001, 'epoch': ${((n + 1) / 10).toFixed(1)}}\n`
    })
    const { severity, state } = new WatchedRun().read('train.log', log.join(''), true).alert('non-finite')
    expect([severity, state]).toEqual(['critical', 'resolved'])
  },
)
