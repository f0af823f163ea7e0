import { expect, test } from 'vitest'
import { opened, TRACEBACK, withFrame } from '../../../src/core/job/traceback.ts'

const CASES = [
  { name: 'a file of the job', frames: ['File "train.py", line 3, in <module>'], from: 'uncaught' },
  { name: 'text that was executed alone', frames: ['File "<string>", line 1, in <module>'], from: 'ignored' },
  {
    name: 'more of the text that was executed',
    frames: ['File "<string>", line 9, in <module>', 'File "<string>", line 2, in f'],
    from: 'ignored',
  },
  {
    name: 'a process that python -c began',
    frames: ['File "<string>", line 1, in <module>', 'File "/job/train.py", line 3, in main'],
    from: 'uncaught',
  },
  {
    name: 'text that the job executed and did not guard',
    frames: ['File "train.py", line 3, in <module>', 'File "<string>", line 1, in <module>'],
    from: 'uncaught',
  },
]

for (const { name, frames, from } of CASES) {
  test(`a traceback of ${name} is ${from}`, () => {
    const open = opened(`${TRACEBACK}:`, '', 0)
    expect(frames.reduce((so, frame) => withFrame(so, `  ${frame}`), open).from).toBe(from)
  })
}
