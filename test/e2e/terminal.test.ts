import { describe, expect, test } from 'vitest'
import { noTerminal, terminal, WAYS } from '../../bench/soak/terminal.ts'

describe('a daemon stores, serves, notifies and says what is gone when', () => {
  for (const way of WAYS) {
    const obstacle = way.includes('terminal') ? noTerminal() : null
    test.skipIf(obstacle !== null)(`${way}${obstacle === null ? '' : ` (skipped: ${obstacle})`}`, async () => {
      const said: string[] = []
      const { counts } = await terminal(1, (progress) => said.push(progress), [way])
      expect(counts, said.join('\n')).toEqual({
        died: 0,
        unstored: 0,
        unserved: 0,
        untold: 0,
        undelivered: 0,
        badEnds: 0,
      })
    })
  }
})
