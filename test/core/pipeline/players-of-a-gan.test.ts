import { describe, expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

/** The rules that speak of two errors which stand near 2 ln 2 and ln 2, as those of players in balance do. */
function rulesOf(one: string, other: string): readonly string[] {
  const lines = Array.from({ length: 30 }, (_, epoch) => {
    const off = 0.0007 * Math.sin(3 * epoch)
    return `epoch ${epoch} ${one} ${(2 * Math.LN2 + off).toFixed(4)} ${other} ${(Math.LN2 - off).toFixed(4)}\n`
  })
  return new WatchedRun().read('train.log', lines.join(''), true).alerts.map(({ rule }) => rule)
}

describe('two errors that stand at ln 4 and at ln 2', () => {
  const players = [
    ['errD', 'errG'],
    ['netD', 'netG'],
    ['G_err', 'D_err'],
    ['error_d', 'error_g'],
  ] as const
  for (const [one, other] of players) {
    test(`are a GAN in balance as ${one} and ${other}`, () => {
      expect(rulesOf(one, other)).toEqual([])
    })
  }

  test('are chance where no other player stands beside them', () => {
    expect(rulesOf('train_loss', 'errG')).toContain('chance-plateau')
  })
})
