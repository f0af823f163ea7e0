import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pattern } from '../../../../src/core/formats/custom/pattern.ts'

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
  const found = new Pattern(source).match(text)
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

describe('a pattern that no engine could match in linear time', () => {
  test.each([
    ['(?<a>x)\\k<a>', /not supported/],
    ['(x)\\1', /"\\1" is not supported/],
    ['x(?=y)', /look-around/],
    ['(?<!y)x', /look-behind/],
    ['(?i)x', /flags/],
    ['(x', /"\(" is not closed/],
    ['x)', /"\)" without/],
    ['[x', /"\[" is not closed/],
    ['[b-a]', /out of order/],
    ['*x', /nothing before/],
    ['x**', /quantifier after/],
    ['x{5,2}', /out of order/],
    ['x{2000}', /more than 1000 repeats/],
    ['(?:x{1000}){1000}', /too large/],
    ['x'.repeat(1001), /longer than/],
    ['\\', /not supported/],
  ])('or that is none is refused with the reason: %s', (source, reason) => {
    expect(() => new Pattern(source)).toThrow(reason)
  })
})

test.each([
  ['(?:a+)+$', 'a'],
  ['(?:a|aa)+$', 'a'],
  ['^(?:a|a?)+$', 'a'],
  ['(?:.*a){20}$', 'a'],
  [String.raw`^(?:\w+\s?)*$`, 'w'],
  [String.raw`(\d+)/(\d+) \[`, '1'],
  ['.*.*.*=.*', 'x'],
  [String.raw`(?:[+-]?\d+(?:\.\d+)?)*%`, '9'],
])('%s, which stops a backtracking engine, takes time in proportion to the text', (source, char) => {
  const pattern = new Pattern(source)
  const cpuMs = (length: number) => {
    const text = `${char.repeat(length)}!`
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
