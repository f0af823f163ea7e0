import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenArray, NonFiniteNumber, NumberArray, type RecordValue } from '../../../src/core/literals/record-value.ts'
import { parsePythonJson } from '../../../src/core/records/python-json.ts'
import { anyText } from '../formats/texts.ts'

function valueOf(text: string): RecordValue {
  const parsing = parsePythonJson(text)
  if (!parsing.ok) throw new Error(`${text.slice(0, 80)}: ${parsing.detail}`)
  return parsing.value
}

/** What stands beside a bare word is read by our own scanner, never by the engine's. */
function scanned(text: string): RecordValue {
  return (valueOf(`[NaN, ${text}]`) as RecordValue[])[1]!
}

const bareWords: readonly { readonly text: string; readonly value: NonFiniteNumber }[] = [
  { text: 'NaN', value: new NonFiniteNumber('NaN', 'NaN') },
  { text: 'nan', value: new NonFiniteNumber('NaN', 'nan') },
  { text: 'Infinity', value: new NonFiniteNumber('Infinity', 'Infinity') },
  { text: '-Infinity', value: new NonFiniteNumber('-Infinity', '-Infinity') },
  { text: 'inf', value: new NonFiniteNumber('Infinity', 'inf') },
  { text: '-inf', value: new NonFiniteNumber('-Infinity', '-inf') },
  { text: '1e400', value: new NonFiniteNumber('Infinity', '1e400') },
  { text: '-1e999', value: new NonFiniteNumber('-Infinity', '-1e999') },
]
for (const { text, value } of bareWords) {
  test(`${text} is kept as ${value.value} with its text`, () => {
    expect(valueOf(`{"loss": ${text}}`)).toEqual({ loss: value })
    expect(valueOf(`{"loss":${text},"nested":{"loss":${text}}}`)).toEqual({ loss: value, nested: { loss: value } })
  })
}

test('the word NaN inside a string is left alone', () => {
  expect(valueOf('{"note": "no: NaN \\" here", "loss": NaN}')).toEqual({
    note: 'no: NaN " here',
    loss: new NonFiniteNumber('NaN', 'NaN'),
  })
})

test('the last of equal names wins', () => {
  expect(valueOf('{"a": 1, "a": 2}')).toEqual({ a: 2 })
  expect(valueOf('{"a": 1, "a": NaN}')).toEqual({ a: new NonFiniteNumber('NaN', 'NaN') })
})

test('__proto__ is a name like any other', () => {
  for (const text of ['{"__proto__": {"x": 1}}', '{"__proto__": {"x": 1}, "loss": NaN}']) {
    const value = valueOf(text) as Record<string, RecordValue>
    expect(Object.hasOwn(value, '__proto__')).toBe(true)
    expect(value['x']).toBeUndefined()
  }
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

test('an integer beyond 2^53 is the double next to it', () => {
  expect(valueOf('{"n": 9007199254740993}')).toEqual({ n: 9007199254740992 })
  expect(scanned('9007199254740993')).toBe(9007199254740992)
})

test('64 levels are read and 65 are too deep', () => {
  const nested = (depth: number, leaf: string) => `${'{"a":'.repeat(depth)}${leaf}${'}'.repeat(depth)}`
  for (const leaf of ['1', 'NaN']) {
    expect(parsePythonJson(nested(64, leaf)).ok).toBe(true)
    expect(parsePythonJson(nested(65, leaf))).toMatchObject({ ok: false, reason: 'too-deep' })
  }
  expect(parsePythonJson('['.repeat(256 * 1024))).toMatchObject({ ok: false, reason: 'too-deep' })
  expect(parsePythonJson(`{"probs": ${'['.repeat(256 * 1024)}`)).toMatchObject({ ok: false, reason: 'too-deep' })
  expect(parsePythonJson('{"a":'.repeat(100_000))).toMatchObject({ ok: false, reason: 'too-deep' })
})

const broken: readonly { readonly text: string; readonly detail: string }[] = [
  { text: '', detail: 'character 0: expected a value, found the end' },
  { text: '{"a": }', detail: 'character 6: expected a value, found "}"' },
  { text: '{"a": 1,}', detail: 'character 8: expected a name in quotes, found "}"' },
  { text: '{"a" 1}', detail: 'character 5: expected ":", found "1"' },
  { text: '{"a": 1', detail: 'character 7: expected "," or "}", found the end' },
  { text: "{'a': 1}", detail: `character 1: expected a name in quotes, found "'"` },
  { text: '{"a": nano}', detail: 'character 9: expected "," or "}", found "o"' },
  { text: '{"a": 01}', detail: 'character 6: expected a value, found "0"' },
  { text: '{"a": .5}', detail: 'character 6: expected a value, found "."' },
  { text: '{"a": 1.}', detail: 'character 6: expected a value, found "1"' },
  { text: '{"a": +1}', detail: 'character 6: expected a value, found "+"' },
  { text: '{"a": "x', detail: 'character 8: expected the rest of a string, found the end' },
  { text: '{"a": "\\q"}', detail: 'character 6: expected a string with good escapes, found """' },
  { text: '{"a": 1} x', detail: 'character 9: text after the value' },
]
for (const { text, detail } of broken) {
  test(`${JSON.stringify(text)} is broken at a character that is named`, () => {
    expect(parsePythonJson(text)).toEqual({ ok: false, reason: 'broken-json', detail })
  })
}

test('arrays of predictions are read unboxed, with their shape', () => {
  const record = valueOf('{"probs": [[0.1, 0.9], [NaN, 1e400], [-inf, 1]], "labels": [1, 0, -100], "note": [1]}')
  expect(record).toEqual({
    probs: new NumberArray([3, 2], Float64Array.of(0.1, 0.9, Number.NaN, Infinity, -Infinity, 1)),
    labels: new NumberArray([3], Float64Array.of(1, 0, -100)),
    note: [1],
  })
})

test('a flat, a deep and an empty array have the shapes that NumPy gives them', () => {
  const shapeOf = (text: string) =>
    ((valueOf(`{"logits": ${text}}`) as Record<string, NumberArray>)['logits'] as NumberArray).shape
  expect(shapeOf('[1, 2, 3]')).toEqual([3])
  expect(shapeOf('[[[1], [2]], [[3], [4]], [[5], [6]]]')).toEqual([3, 2, 1])
  expect(shapeOf('[]')).toEqual([0])
  expect(shapeOf('[[], []]')).toEqual([2, 0])
})

const uneven: readonly { readonly text: string; readonly problem: string }[] = [
  { text: '[[1, 2], [3]]', problem: 'row 1 has 1 values where the rows before it have 2' },
  { text: '[[1, 2], 3]', problem: 'numbers and rows are mixed' },
  { text: '[1, [2]]', problem: 'numbers and rows are mixed' },
  { text: '["cat", "dog"]', problem: 'character 11: no number' },
  { text: '[1, null]', problem: 'character 14: no number' },
]
for (const { text, problem } of uneven) {
  test(`predictions of ${text} say why they are none, and the rest of the record is read`, () => {
    expect(valueOf(`{"probs": ${text}, "loss": 0.5}`)).toEqual({ probs: new BrokenArray(problem), loss: 0.5 })
  })
}

test('a broken array of predictions is broken JSON, and not just uneven', () => {
  for (const text of [
    '{"probs": [1, 2,]}',
    '{"probs": [1 2]}',
    '{"probs": [[1], [2}',
    '{"probs": [01]}',
    '{"probs": [1',
  ]) {
    expect(parsePythonJson(text)).toMatchObject({ ok: false, reason: 'broken-json' })
  }
})

test('our own scanner reads every JSON text as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      fc.pre(!/"[py]":/.test(text))
      expect(scanned(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('our own scanner refuses what JSON.parse refuses, but for the bare words', () => {
  const pieces = ['{', '}', '[', ']', ',', ':', '"a"', '1', '-', '.5', '0', 'e3', 'true', 'null', ' ', '\\', '"']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
      const text = parts.join('')
      expect(parsePythonJson(text).ok).toBe(isJson(text))
    }),
    { numRuns: 2000 },
  )
})

test('numbers of an array are rounded as JSON.parse rounds them', () => {
  const decimal = fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 21n }), fc.integer({ min: -30, max: 30 }))
    .map(([isNegative, digits, exponent]) => `${isNegative ? '-' : ''}${digits}e${exponent}`)
  const number = fc.oneof(
    decimal,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  )
  fc.assert(
    fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
      const { probs } = valueOf(`{"probs": [${numbers.join(', ')}]}`) as { probs: NumberArray }
      expect([...probs.values]).toEqual(numbers.map((text) => JSON.parse(text)))
    }),
    { numRuns: 1000 },
  )
})

test('a halfway case is rounded to even, as JSON.parse does', () => {
  const { p } = valueOf('{"p": [9007199254740993, 9007199254740995, 0.500000000000000055511151231257827]}') as {
    p: NumberArray
  }
  expect([...p.values]).toEqual([9007199254740992, 9007199254740996, 0.5])
})

test('it never throws', () => {
  fc.assert(fc.property(anyText, (text) => void parsePythonJson(text)))
  fc.assert(fc.property(anyText, (text) => void parsePythonJson(`{"probs": [${text}`)))
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
