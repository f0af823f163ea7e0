import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { FORMATS } from '../../../src/core/formats/index.ts'
import { finishReader, lineCapBytes, readLine } from '../../../src/core/formats/reader.ts'
import { type LineResult, type ReaderState, startReader } from '../../../src/core/formats/reader-state.ts'
import type { Line } from '../../../src/core/reading/lines.ts'
import { briefly, linesOf } from './lines.ts'
import { anyText, logLikeText } from './texts.ts'

interface Reading {
  readonly state: ReaderState
  readonly results: readonly LineResult[]
}

/** A file whose name says what its numbers are, for the dialect that asks. */
const NAMED_PATH = 'runs/a/losses.txt'

function readAll(lines: readonly Line[], from: ReaderState = startReader(), path = ''): Reading {
  const results: LineResult[] = []
  let state = from
  for (const line of lines) {
    const step = readLine(state, line, path, BUILT_IN)
    state = step.state
    results.push(...step.results)
  }
  return { state, results }
}

/** A whole file, to its end: the dialect, and all that is no skip. */
function readFile(
  texts: readonly string[],
  path = '',
): { readonly format: string | null; readonly results: readonly unknown[] } {
  const read = readAll(linesOf(texts), startReader(), path)
  const last = finishReader(read.state, path, BUILT_IN)
  const results = [...read.results, ...last.results].map(({ result }) => briefly(result))
  return { format: last.state.format, results: results.filter((result) => result !== 'skip') }
}

const files: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly format: string | null
  readonly results: readonly unknown[]
}[] = [
  {
    name: 'one sure line decides',
    lines: ['loading', 'step 1 loss 0.5', 'step 2 loss nan'],
    format: 'key-value',
    results: [['step 1 loss=0.5'], ['step 2 loss=NaN']],
  },
  {
    name: 'three hints weigh as much as one sure line, and nothing is lost meanwhile',
    lines: ['loss: 1', 'saving', 'loss: 2', 'loss: 3', 'loss: 4'],
    format: 'key-value',
    results: [['loss=1'], ['loss=2'], ['loss=3'], ['loss=4']],
  },
  {
    name: 'at the end of the file one hint has to do',
    lines: ['hello', 'train_loss: nan', 'bye'],
    format: 'key-value',
    results: [['train_loss=NaN']],
  },
  {
    name: 'a header is known by the first row below it',
    lines: ['prose', 'epoch,train/box_loss', '1,0.5', '2,0.4'],
    format: 'csv',
    results: [['step 1 epoch 1 train/box_loss=0.5'], ['step 2 epoch 2 train/box_loss=0.4']],
  },
  {
    name: 'of two dialects that claim a line alike the more specific reads it',
    lines: ['{"loss": 0.5}'],
    format: 'json-lines',
    results: [['loss=0.5']],
  },
  {
    name: 'settings printed as JSON give way to the log below them',
    lines: ['{"lr": 0.1}', '{"n": 1}', '{"m": 1}', 'step 1 loss 1', 'step 2 loss 2', 'step 3 loss 3', 'step 4 loss 4'],
    format: 'key-value',
    results: [['lr=0.1'], ['n=1'], ['m=1'], ['step 1 loss=1'], ['step 2 loss=2'], ['step 3 loss=3'], ['step 4 loss=4']],
  },
  {
    name: 'a dialect that has found nothing gives way at once',
    lines: ['step,loss', '{"step": 1, "loss": 0.5}'],
    format: 'json-lines',
    results: [['step 1 loss=0.5']],
  },
  {
    name: 'one line of another dialect changes nothing',
    lines: ['step 1 loss 1', "{'loss': 9}", "{'loss': 9}", 'step 2 loss 2', "{'loss': 9}", 'step 3 loss 3'],
    format: 'key-value',
    results: [['step 1 loss=1'], ['step 2 loss=2'], ['step 3 loss=3']],
  },
  {
    name: 'three lines of another dialect take over, and are all read',
    lines: ['step 1 loss 1', "{'loss': 7}", 'saving', "{'loss': 8}", "{'loss': 9}", "{'loss': 10}"],
    format: 'python-dict',
    results: [['step 1 loss=1'], ['loss=7'], ['loss=8'], ['loss=9'], ['loss=10']],
  },
  {
    name: 'lines that were broken before their dialect was known are told like others',
    lines: ['{"step": 1, "loss', 'saving', '{"step": 2, "lo', '{"step": 3, "loss": 0.5}'],
    format: 'json-lines',
    results: [expect.stringContaining('broken-json'), expect.stringContaining('broken-json'), ['step 3 loss=0.5']],
  },
  {
    name: 'what would be a broken line of another dialect is none',
    lines: ['{"settings": {', '  "depth": 3', '}}', 'step 1 loss 1'],
    format: 'key-value',
    results: [['step 1 loss=1']],
  },
  {
    name: 'a file of broken lines has no dialect, and each is told',
    lines: ['{"step": 1, "loss', "{'step': 2, 'loss'}", 'bye'],
    format: null,
    results: [expect.stringContaining('broken-json'), expect.stringContaining('broken-json')],
  },
  { name: 'prose has no dialect', lines: ['hello', 'world: 5 of 6', '{', '}', '1,2,3'], format: null, results: [] },
  { name: 'an empty file has no dialect', lines: [], format: null, results: [] },
]
for (const { name, lines, format, results } of files) {
  test(name, () => {
    expect(readFile(lines)).toEqual({ format, results })
  })
}

test('of many hints that decide nothing the newest sixteen wait, and no more than 64 KiB', () => {
  const hint = (text: string) => `{"note": "${text}", "x": 1}`
  const few = readAll(linesOf([hint('a'), 'prose', hint('b')])).state
  expect(few.pending.map(({ text }) => text)).toEqual([hint('a'), 'prose', hint('b')])

  const large = readAll(linesOf([hint('a'.repeat(40_000)), hint('b'.repeat(40_000))]))
  expect(large.state.pending.map(({ text }) => text[10])).toEqual(['b'])
  const read = large.results.filter(({ hearing }) => hearing !== 'only')
  expect(read.map(({ line, result }) => [line.offset, result.kind])).toEqual([[0, 'skip']])
})

test('of fifty lines that were broken before the dialect was known each is told once, and in the order of the file', () => {
  const broken = Array.from({ length: 50 }, (_, i) => `{"step": ${i}, "loss": NaN, "gr`)
  for (const rest of [['{"step": 50, "loss": 0.5}', '{"step": 51, "loss": 0.4}'], []]) {
    const lines = linesOf([...broken, ...rest])
    const read = readAll(lines)
    const results = [...read.results, ...finishReader(read.state, '', BUILT_IN).results]
    const rejects = results.filter(({ result }) => result.kind === 'reject').map(({ line }) => line.offset)
    expect(rejects).toEqual(lines.slice(0, 50).map(({ offset }) => offset))
    expect(results.filter(({ result }) => result.kind === 'records')).toHaveLength(rest.length)
  }
})

test('a line above the cap of its dialect is refused, however the file was cut', () => {
  const { results, state } = readAll(linesOf(['step 1 loss 0.5', `step 2 loss 0.5 ${'x'.repeat(300_000)}`]))
  expect(results.map(({ result }) => briefly(result))).toEqual([
    ['step 1 loss=0.5'],
    'line-too-long: longer than 262144 bytes',
  ])
  expect(lineCapBytes(state, BUILT_IN)).toBe(262144)
  expect(lineCapBytes(startReader(), BUILT_IN)).toBe(64 * 1024 * 1024)
})

test('a dialect that this version does not know is looked for anew', () => {
  const state: ReaderState = { ...startReader(), format: 'from-the-future', hasRecords: true }
  expect(readAll(linesOf(['step 1 loss 0.5']), state).state.format).toBe('key-value')
})

const someFile = fc.array(
  fc.oneof(logLikeText, anyText, fc.constantFrom('step 1 loss 1', '{"loss": 1}', 'loss 2', "{'loss': 3}")),
  {
    maxLength: 40,
  },
)

test('where a file is cut into reads, and a restart in between, change nothing', () => {
  fc.assert(
    fc.property(someFile, fc.nat(40), (texts, cut) => {
      const lines = linesOf(texts)
      const whole = readAll(lines)
      const first = readAll(lines.slice(0, cut))
      const saved: ReaderState = JSON.parse(JSON.stringify(first.state))
      const second = readAll(lines.slice(cut), saved)
      expect([...first.results, ...second.results]).toEqual(whole.results)
      expect(second.state).toEqual(whole.state)
    }),
  )
})

/** The bytes of lines, each counted once. */
function bytesOf(lines: readonly Line[]): number {
  const byOffset = new Map<number, number>()
  for (const { offset, bytes } of lines) byOffset.set(offset, Math.max(bytes, byOffset.get(offset) ?? 0))
  return [...byOffset.values()].reduce((sum, bytes) => sum + bytes, 0)
}

test('every line gets its result by the end of the file, and at most one that is no skip or reject', () => {
  fc.assert(
    fc.property(someFile, (texts) => {
      const lines = linesOf(texts)
      const read = readAll(lines)
      const results = [...read.results, ...finishReader(read.state, '', BUILT_IN).results]
      const records = results.filter(({ result }) => result.kind === 'records').map(({ line }) => line.offset)
      expect(new Set(records).size).toBe(records.length)
      if (finishReader(read.state, '', BUILT_IN).state.format !== null) {
        // An object that is printed over several lines is one line, of all their bytes.
        expect(bytesOf(results.map(({ line }) => line))).toBe(bytesOf(lines))
      }
    }),
  )
})

/** The formats that read a file only where no other does. */
const GIVES_WAY = new Set(['histories'])

for (const format of FORMATS) {
  test(`${format.name} is sure of its own example, or reads it as a header`, () => {
    const lines = format.example.split('\n')
    const claims = lines.map((line, index) => format.claim(line, lines[index - 1] ?? null, NAMED_PATH))
    // Rows that are put together before they are read make one line.
    expect([...claims, format.claim(format.example, null, NAMED_PATH)]).toContain(
      GIVES_WAY.has(format.name) ? 'hint' : 'sure',
    )
    expect(readFile(lines, NAMED_PATH).format).toBe(format.name)
  })

  test(`${format.name} never throws, and its state is plain JSON`, () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(logLikeText, anyText)), (texts) => {
        let state = format.start(NAMED_PATH)
        for (const line of linesOf(texts)) {
          format.claim(line.text, texts[0] ?? null, NAMED_PATH)
          state = format.parse(line, state).state
          expect(JSON.parse(JSON.stringify(state))).toEqual(state)
        }
      }),
    )
  })

  test(`${format.name} comes to an end with hostile lines`, () => {
    const long = 128 * 1024
    const lines = [
      '[',
      '{',
      '(',
      '{"a":',
      "{'a':",
      '<',
      '"',
      "'",
      '\\',
      '1,',
      'a,',
      '1/',
      'a b ',
      '  ',
      '-',
      'nan ',
      'tensor(',
      '\u001b[1',
      'loss ',
      'x=',
    ]
    for (const piece of [...lines, '1', '9.9']) {
      const text = piece.repeat(long / piece.length)
      for (const line of linesOf([text, `{"probs": ${text}`, `loss: ${text}%`])) {
        format.claim(line.text, text, NAMED_PATH)
        format.parse(line, format.start(NAMED_PATH))
      }
    }
  })
}

test('a table that goes on in bytes that are no text says so once, and reads on where rows come again', () => {
  const garbage = Array.from({ length: 500 }, (_, n) => `\ufffd\u0002,${n}\ufffd`)
  const torn = Array.from({ length: 500 }, (_, n) => `x${n},y,`)
  const lines = linesOf(['step,loss', '1,0.5', ...garbage, ...torn, '2,0.25', '1,2,3,4'])
  let state = startReader()
  const results = lines.flatMap((line) => {
    const step = readLine(state, line, '', BUILT_IN)
    state = step.state
    return step.results
  })
  const rejects = results.flatMap(({ result }) => (result.kind === 'reject' ? [result.reason] : []))
  expect(rejects).toEqual(['binary', 'broken-row'])
  expect(results.filter(({ result }) => result.kind === 'records')).toHaveLength(2)
})

test('a line in another encoding than UTF-8 is read, its numbers are ASCII', () => {
  const [line] = linesOf(['\ufffd\ufffdpoque 3 step 7 loss 0.5'])
  expect(
    finishReader(readLine(startReader(), line!, '', BUILT_IN).state, '', BUILT_IN).results.at(-1)?.result.kind ??
      readLine(startReader(), line!, '', BUILT_IN).results.at(-1)?.result.kind,
  ).toBe('records')
})
