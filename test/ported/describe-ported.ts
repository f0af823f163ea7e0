import { describe, test } from 'vitest'
import { MODES } from './modes.ts'
import { expectedOf, playCase } from './ported.ts'
import { TABLE } from './table.ts'

const PATIENCE_MS = 120_000

/** Tests the whole table in one mode. */
export function describePorted(modeName: (typeof MODES)[number]['name']): void {
  const mode = MODES.find(({ name }) => name === modeName)!
  for (const [theme, cases] of Object.entries(TABLE)) {
    // At the same time, for most of a case is waiting for a sweep.
    describe.concurrent(`${theme}, ${mode.name}`, () => {
      for (const ported of cases) {
        test(
          ported.name,
          async ({ expect }) => {
            expect(await playCase(ported, mode)).toEqual(expectedOf(ported))
          },
          PATIENCE_MS,
        )
      }
    })
  }
}
