import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pattern } from '../../../../src/core/formats/custom/pattern.ts'
import { PatternError } from '../../../../src/core/formats/custom/pattern-spelling.ts'

/** What JavaScript's own engine finds. */
function native(source: string, text: string): Record<string, string> | null {
  const found = new RegExp(source).exec(text)
  if (found === null) return null
  return Object.fromEntries(Object.entries(found.groups ?? {}).filter(([, group]) => group !== undefined)) as Record<
    string,
    string
  >
}

function ours(source: string, text: string): Record<string, string> | null {
  const pattern = new Pattern(source)
  const found = pattern.match(text)
  expect(pattern.isIn(text)).toBe(found !== null)
  return found === null ? null : Object.fromEntries(found)
}

describe('a pattern finds what a backtracking engine finds', () => {
  test.each([
    [String.raw`step (?<step>\d+).*?loss[:=]\s*(?<loss>[-+.\w]+)`, 'at step 12: lr=0.1 loss: -1.5e-3 loss=2'],
    [String.raw`^\[(?<epoch>\d+)/(?:\d+)\] (?<loss>\S+)$`, '[3/10] nan'],
    ['(?<a>x+?)(?<b>x*)', 'xxx'],
    ['(?<a>a|ab)(?<b>c|bcd)?', 'abcd'],
    [String.raw`\bloss\b (?<loss>\d{1,3}(?:\.\d{2,})?)`, 'my_loss 7 loss 12.345 x'],
    [String.raw`(?<a>[^\]\-a-f]+)-?(?<b>[\]x])`, 'zzabc ghi]'],
    [String.raw`(?:(?<a>\d)|(?<b>\w))`, 'x1'],
    [String.raw`(?<a>\x41\u0042\.)`, 'xAB.'],
    [String.raw`\Bloss (?<a>.)`, 'xloss 1'],
    ['(?<a>(?:ab){2,3})', 'abababab'],
    ['(?<a>(?:ab){02})', 'abababab'],
    ['(?<a>x{,2}|)', 'xx x{,2}'],
    [String.raw`(?<a>\S+)\s(?<b>[^\s,]+),\s+(?<c>[\S]+)`, '1.5\u00a0it/s,\u3000\ufeff2\v3'],
    [String.raw`=(?<a>[\s\S]*?);`, 'x=1\n\u00a0é;2;'],
    ['=(?<a>[^]+)', 'x=1\n2'],
    ['(?<a>[])|(?<b>=)', 'x=1'],
    ['(?<a>[[:]+)(?<b>[[:digit:]]+)', 'x[:[:d]]'],
    [String.raw`(?<a>[\b]|[\w-]+|[\d.-]+)`, ' -a-1'],
    [String.raw`(?<a>[\u00e9-\u00ef\u005d]+)(?<b>\ud83d\ude00)`, '[éê]😀'],
    [String.raw`(?<a>\W)\b(?<b>\w+?)\b`, 'é µs'],
    ['(?<a>[+-]?[^|]*?)[|](?<b>.*)', '1e-3|\u2003|'],
    ['^(?<a>.*)$', 'one\ntwo'],
    ['loss', 'no such word'],
    ['', 'anything'],
  ])('%s', (source, text) => {
    expect(ours(source, text)).toEqual(native(source, text))
  })

  test('in random patterns and texts', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', String.raw`\d`, '1')
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        atom,
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
        fc.tuple(atom, tie('node'), fc.constantFrom('?', '{2}', '{1,2}', '??')).map(([a, b, q]) => `(?:${a}${b})${q}`),
        fc.tuple(atom, fc.constantFrom('*', '+', '*?', '+?')).map(([a, q]) => `${a}${q}`),
      ),
    }))
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1'), maxLength: 12 })
    fc.assert(
      fc.property(node, node, text, (a, b, text) => {
        const source = `(?<a>${a})(?<b>${b})`
        expect(ours(source, text)).toEqual(native(source, text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a pattern', () => {
  test('may give several groups one name', () => {
    const source = String.raw`loss=(?<loss>\S+) step=(?<step>\d+)|step (?<step>\d+): (?<loss>\S+)`
    expect(new Pattern(source).names).toEqual(['loss', 'step'])
    expect(ours(source, 'loss=2 step=1')).toEqual({ loss: '2', step: '1' })
    expect(ours(source, 'step 1: 2')).toEqual({ loss: '2', step: '1' })
  })

  test('keeps in a repeat what a group took last, and ends it with a round that takes nothing', () => {
    expect(ours('(?:(?<a>x)|(?<b>y))+', 'xy')).toEqual({ a: 'x', b: 'y' })
    expect(ours(String.raw`(?:(?<a>\w)=(?<loss>\d*);)+`, 'a=1;b=2;c=;')).toEqual({ a: 'c', loss: '' })
    expect(ours('(?<all>(?:|x)+)', 'xx')).toEqual({ all: '' })
    expect(ours('(?<all>(?:x|)+)', 'xx')).toEqual({ all: 'xx' })
  })

  test('takes a character of two halves as one', () => {
    expect(ours('^(?<a>.)(?<b>[😀-😂]{2})(?<c>[^a])$', '🚀😀😁🚀')).toEqual({ a: '🚀', b: '😀😁', c: '🚀' })
  })

  test('ignores case where it says so, and may name groups as Python does', () => {
    expect(ours(String.raw`(?i)loss: (?P<loss>\S+)`, 'Train LOSS: 1')).toEqual({ loss: '1' })
  })
})

describe('a pattern that no engine could match in linear time', () => {
  test.each([
    ['(?<a>x)\\k<a>', 'character 8: "\\k" refers back, which is not supported'],
    ['(x)[\\12]', 'character 4: "\\1" refers back, which is not supported'],
    ['x\\A', 'character 2: "\\A" is not supported'],
    ['\\u12', 'character 1: an escape that is not known, or not complete'],
    ['\\d\\', 'character 3: a backslash before nothing'],
    ['x(?=y)', 'character 2: look-around is not supported: match what is around a group outside of it'],
    ['(?<!y)x', 'character 1: look-around is not supported: match what is around a group outside of it'],
    ['x(?>y)', 'character 2: a "(?" that begins no kind of group'],
    ['(?<a-b>x)', 'character 1: a name of a group is letters, digits and "_", between "<" and ">"'],
    ['(y)(?<a>x(z)', 'character 4: a "(" is not closed'],
    ['x)', 'character 2: a ")" without its "("'],
    ['x[]][\\s', 'character 5: a "[" is not closed'],
    ['x[b-a]', 'character 2: a range out of order'],
    ['x|*x', 'character 3: nothing before a quantifier that could be repeated'],
    ['x**', 'character 3: a quantifier after a quantifier'],
    ['x{5,2}', 'character 2: more than 1000 repeats (those within others multiply), or their numbers out of order'],
    [
      '(?:x{1000}){2}y',
      'character 12: more than 1000 repeats (those within others multiply), or their numbers out of order',
    ],
    ['x{1000}'.repeat(5), 'too large: repeat fewer times'],
    ['x'.repeat(1001), 'longer than 1000 characters'],
  ])('or that is none is refused with the reason and the place: %s', (source, reason) => {
    expect(() => new Pattern(source)).toThrow(new PatternError(reason))
  })
})

test.each([
  ['(?:a+)+$', 'a'],
  ['(?:a|aa)+$', 'a'],
  ['^(?:a|a?)+$', 'a'],
  ['(?:.*a){20}$', 'a'],
  [String.raw`^(?:\w+\s?)*$`, 'w'],
  [String.raw`(\d+)/(\d+) \[`, '1'],
  ['.*.*.*=.*x$', 'x'],
  [String.raw`(?:[+-]?\d+(?:\.\d+)?)+%`, '9'],
])('%s, which stops a backtracking engine, takes time in proportion to the text', (source, char) => {
  const pattern = new Pattern(source)
  const cpuMs = (length: number) => {
    // The rest has all that a pattern asks for by name, so that no search for a word rules the text out.
    const text = `${char.repeat(length)}!=% [/`
    const before = process.cpuUsage()
    expect(pattern.match(text)).toBeNull()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  cpuMs(4096)
  const short = Math.min(cpuMs(1024), cpuMs(1024), cpuMs(1024))
  const long = Math.min(cpuMs(16_384), cpuMs(16_384), cpuMs(16_384))
  // Sixteen times the text; a quadratic engine takes 256 times as long.
  expect(long).toBeLessThan(80 * Math.max(short, 0.5))
})
