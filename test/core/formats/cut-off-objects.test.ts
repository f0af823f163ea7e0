import { expect, test } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { startReader } from '../../../src/core/formats/reader-state.ts'
import { type LogReaderState, readLogLine } from '../../../src/core/formats/source-readers.ts'
import { linesOf, readBriefly } from './lines.ts'

const files = [
  {
    name: 'brackets within an object are closed, and a number that may have lost its end is left out',
    lines: ['{', '  "step": 7,', '  "train": {"loss": NaN, "lrs": [0.5, 0.25'],
    format: 'json-lines',
    results: ['step 7 train/loss=NaN'],
  },
  {
    name: 'an object that a message breaks off',
    lines: ["{'step': 1,", " 'loss': 0.5}", "{'step': 2,", " 'loss': nan", 'Killed', "{'step': 3,", " 'loss': 0.5}"],
    format: 'python-dict',
    results: ['step 1 loss=0.5', 'step 2 loss=NaN', 'step 3 loss=0.5'],
  },
  {
    name: 'settings without their end are no record',
    lines: ["{'name': 'unet',", " 'lr': 0.5,", " 'loss': 'mse',"],
    format: null,
    results: [],
  },
] as const

for (const { name, lines, format, results } of files) {
  test(name, () => {
    expect(readBriefly(lines)).toEqual({ format, results })
  })
}

test('an object that may still be written is none yet', () => {
  let state: LogReaderState = { reader: startReader() }
  for (const line of linesOf(["{'step': 1,", " 'loss': nan,"])) {
    const step = readLogLine(state, line, '', BUILT_IN)
    ;({ state } = step)
    expect(step.results).toEqual([])
  }
})
