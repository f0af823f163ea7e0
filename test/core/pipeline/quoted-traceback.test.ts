import { expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

const STEPS = Array.from({ length: 40 }, (_, n) => `step=${n + 1} loss=${(2 / (1 + n / 10)).toFixed(3)}\n`).join('')
const SAMPLE = 'Traceback (most recent call last):\\n  File \\"task.py\\", line 9\\nIndexError: 4'

const QUOTED: Readonly<Record<string, string>> = {
  'in a pair of logfmt': `${STEPS}step=41 loss=0.80 sample="Traceback (most recent call last): IndexError"\nTraining finished\n`,
  'in a dict': `${STEPS}{'step': 41, 'loss': 0.8, 'answer': 'Traceback (most recent call last): IndexError'}\nTraining finished\n`,
  'in each record': Array.from(
    { length: 40 },
    (_, n) => `{"step": ${n + 1}, "loss": ${(2 / (1 + n / 10)).toFixed(3)}, "completion": "${SAMPLE}"}\n`,
  ).join(''),
}
for (const [where, log] of Object.entries(QUOTED)) {
  test(`a traceback in the text of a sample is none of the job: ${where}`, () => {
    expect(new WatchedRun().read('train.log', log, true).alerts).toEqual([])
  })
}

const OWN: Readonly<Record<string, string>> = {
  'behind a record in its line': `${STEPS}step=41 loss=0.80Traceback (most recent call last):\n  File "task.py", line 9, in <module>\n    f()\nIndexError: 4\n`,
  'in a field for errors': `{"step": 41, "loss": 0.3, "level": "error", "exc_info": "${SAMPLE}"}\n`,
}
for (const [where, log] of Object.entries(OWN)) {
  test(`a traceback of the job is one: ${where}`, () => {
    expect(new WatchedRun().read('train.log', log, true).alert('crashed').severity).toBe('critical')
  })
}
