import { describe, expect, test } from 'vitest'
import { endedRun } from './ended-run.ts'

const COUNTERS: readonly ((count: number) => string)[] = [
  (count) => `Epoch ${count}/100`,
  (count) => `Batch ${count}/100`,
  (count) => `[${count}/100]`,
]

describe('lines that wait for their dialect are heard in their turn: those above an error show no job that went on', () => {
  for (const counted of COUNTERS)
    for (const count of [1, 10, 11, 16, 17, 40]) {
      test(`${count} times ${counted(1)}, and an error below each`, () => {
        const lines = Array.from({ length: count }, (_, index) => `${counted(index + 1)}\nValueError: bad sample\n`)
        expect(endedRun(lines.join(''))).toMatchObject({ state: 'crashed', severity: 'critical' })
      })
    }

  test('an error in the last line is told, however many lines wait', () => {
    for (const count of [3, 12, 30]) {
      const lines = Array.from({ length: count }, (_, index) => `Epoch ${index + 1}/100\nfetching shards\n`)
      const text = `${lines.join('')}torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB\n`
      expect(endedRun(text)).toMatchObject({ state: 'crashed', severity: 'critical' })
    }
  })

  test('an error that much was counted below is none that ended the job', () => {
    const counted = Array.from({ length: 30 }, (_, index) => `Epoch ${index + 2}/100\n`)
    expect(endedRun(`Epoch 1/100\nValueError: bad sample\n${counted.join('')}`)).toMatchObject({ severity: null })
  })
})
