import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/demo/command-line.ts'

const cases = [
  { name: 'a missing folder', argv: [], message: '--out' },
  { name: 'an unknown loss', argv: ['--loss', 'hinge'], message: '--loss hinge: unknown (known: naive, stable)' },
  { name: 'a loss that every object has', argv: ['--loss', 'toString'], message: '--loss toString' },
  { name: 'a learning rate that is no number', argv: ['--learning-rate', 'fast'], message: '--learning-rate fast' },
  { name: 'an empty number', argv: ['--decay', ''], message: '--decay' },
  { name: 'half a step', argv: ['--steps', '1.5'], message: '--steps 1.5' },
  { name: 'a batch larger than the data', argv: ['--batch', '121'], message: '--batch 121: not a whole number from 1' },
  { name: 'an unknown option', argv: ['--momentum', '0.9'], message: '--momentum' },
]

for (const { name, argv, message } of cases) {
  test(`${name} is refused by name`, () => {
    const folder = name === 'a missing folder' ? [] : ['--out', 'runs']
    expect(() => parseCommandLine([...folder, ...argv])).toThrow(message)
  })
}
