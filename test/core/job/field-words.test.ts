import { describe, expect, test } from 'vitest'
import { isOfError, mayTellError, wordsInFields } from '../../../src/core/job/field-words.ts'
import { WatchedRun } from '../pipeline/watched-run.ts'
import { endedRun } from './ended-run.ts'

const json = (fields: object) => JSON.stringify(fields)
const record = (step: number) => json({ level: 'info', msg: 'train', step, loss: 3 / step })
const pairs = (step: number) => `level=info msg=train step=${step} loss=${(3 / step).toFixed(4)}`
const steps = (of: (step: number) => string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => of(from + at))
const ended = (...lines: readonly string[]) => endedRun(`${lines.join('\n')}\n`)
const KEY_ERROR = "KeyError: 'y'"

/** The last line of a job that died, and what is said of it. */
const LAST: readonly (readonly [string, string])[] = [
  [json({ level: 'error', msg: KEY_ERROR }), KEY_ERROR],
  [json({ level: 'CRITICAL', message: KEY_ERROR }), KEY_ERROR],
  [json({ error: KEY_ERROR }), KEY_ERROR],
  [json({ step: 50, error: KEY_ERROR }), KEY_ERROR],
  [json({ 'log.level': 'error', message: KEY_ERROR, error: { type: 'KeyError' } }), KEY_ERROR],
  [json({ levelname: 'ERROR', lineno: 33, process: 4242, message: KEY_ERROR }), KEY_ERROR],
  [json({ level: 'error', rank: 3, msg: 'step failed', error: KEY_ERROR }), KEY_ERROR],
  [json({ severity: 'FATAL', message: 'giving up after 3 retries' }), 'FATAL: giving up after 3 retries'],
  [json({ level: 'fatal', msg: 'cannot reach the server' }), 'FATAL: cannot reach the server'],
  [json({ level: 'critical', event: 'lost the data server' }), 'CRITICAL: lost the data server'],
  [json({ level: 60, pid: 657, msg: 'no space left on device' }), 'FATAL: no space left on device'],
  [
    json({ level: 'error', msg: 'step failed', err: 'write 9.pt: no space left on device' }),
    'ERROR: step failed: write 9.pt: no space left on device',
  ],
  [
    json({ text: 'out\n', record: { level: { name: 'CRITICAL', no: 50 }, line: 3, message: 'CUDA out of memory' } }),
    'CRITICAL: CUDA out of memory',
  ],
  [
    json({
      text: `now | ERROR | t:f:3 - x\nTraceback (most recent call last):\n\n  File "a.py", line 3, in f\n${KEY_ERROR}\n`,
      record: { level: { name: 'ERROR', no: 40 }, message: 'x' },
    }),
    KEY_ERROR,
  ],
  [`level=error msg="${KEY_ERROR}"`, KEY_ERROR],
  [`time=2026-01-01T10:00:00Z level=fatal msg="cannot reach the server"`, 'FATAL: cannot reach the server'],
  [
    'level=error msg="step failed" err="write: no space left on device"',
    'ERROR: step failed: write: no space left on device',
  ],
  [json({ log: `${KEY_ERROR}\n`, stream: 'stderr', time: '2026-05-06T22:01:00Z' }), KEY_ERROR],
]

describe('a job died whose last line says so in its fields', () => {
  test.each(LAST)('%s', (line, said) => {
    const run = new WatchedRun().read('train.log', `${[...steps(record, 1, 20), line].join('\n')}\n`, true)
    expect(run.alerts.map(({ headline }) => headline)).toEqual([`step 20: the job ended: ${said}.`])
  })

  test('below pairs of logfmt', () => {
    expect(ended(...steps(pairs, 1, 20), `level=error msg="${KEY_ERROR}"`).state).toBe('crashed')
  })
})

describe('a job lives', () => {
  test.each(LAST)('that trains on after %s', (line) => {
    expect(ended(...steps(record, 1, 20), line, ...steps(record, 21, 40)).state).not.toBe('crashed')
  })

  test.each([
    json({ level: 'info', msg: 'handled KeyError: 3 times' }),
    json({ level: 'warning', msg: 'retrying the upload' }),
    json({ level: 'error', msg: 'could not plot the curves' }),
    json({ error: '', status: 'ok' }),
    json({ error: null, errors: '0' }),
    json({ text: 'RuntimeError: CUDA out of memory, how do I fix it?', label: 'q' }),
    json({ prompt: 'why?', error: 'TimeoutError: 5 s' }),
  ])('whose last line is %s', (line) => {
    expect(ended(...steps(record, 1, 20), line).state).not.toBe('crashed')
  })

  test('that says below an error that training is over', () => {
    const over = json({ level: 'info', msg: 'training finished' })
    expect(ended(...steps(record, 1, 20), json({ level: 'error', msg: KEY_ERROR }), over).state).toBe('finished')
  })
})

test('any other line is read as it stands', () => {
  expect(wordsInFields('step 3 loss 0.5')).toBeNull()
  expect(wordsInFields('{"step": 3, "loss": 0.5}')).toBeNull()
  expect(wordsInFields('msg=hello there')).toBeNull()
})

test('a record is asked for errors only where its line may tell one', () => {
  expect(mayTellError(record(3))).toBe(false)
  expect(mayTellError(json({ level: 'error', lineno: 3, msg: 'x' }))).toBe(true)
  expect(wordsInFields(json({ level: 'info', lineno: 3, msg: 'x' }))!.some(isOfError)).toBe(false)
})
