import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CRASHES } from '../../../src/core/causes/crashes.ts'
import { causesDocument } from '../../../src/core/causes/document.ts'
import { CAUSES, causeOf, codeAt, codeOf } from '../../../src/core/causes/index.ts'

describe('the table of causes', () => {
  test('holds R1 to R28, each once', () => {
    expect(CAUSES.map(({ number }) => number)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1))
  })

  test('names each by its number and a name in kebab case', () => {
    for (const cause of CAUSES) expect(codeOf(cause)).toMatch(/^R\d+-[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(codeAt(3)).toBe('R3-clip-lost-in-float32')
    expect(causeOf('R3-clip-lost-in-float32')).toMatchObject({ number: 3 })
    expect(causeOf('R3')).toBeNull()
    expect(() => codeAt(29)).toThrow(RangeError)
  })

  test('says of each what it is, what to change, how to confirm it and where it is documented', () => {
    for (const { title, what, signs, fix, confirm, links } of CAUSES) {
      for (const text of [what, signs, fix, confirm]) expect(text).toMatch(/\.$/)
      expect(title).not.toMatch(/\.$/)
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) expect(() => new URL(link)).not.toThrow()
    }
  })

  test('has a section in docs/causes.md for every code that an alert can carry', () => {
    const page = readFileSync(new URL('../../../docs/causes.md', import.meta.url), 'utf8')
    const headings = [...page.matchAll(/^## (\S+)$/gm)].map(([, code]) => code!)
    expect(headings).toEqual([...CAUSES.map(codeOf), ...Object.values(CRASHES).map(({ code }) => code)])
    // A code is written out, or made from the number of an entry.
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('causes/crashes.ts'))
      .map((path) => readFileSync(`src/${path}`, 'utf8'))
    const written = source.flatMap((text) =>
      [...text.matchAll(/['"`]([A-Z]\d+-[a-z][a-z0-9-]*)['"`]/g)].map(([, code]) => code),
    )
    for (const code of written) expect(headings).toContain(code)
    const numbers = source.flatMap((text) => [...text.matchAll(/codeAt\((\d+)\)/g)].map(([, number]) => Number(number)))
    expect(new Set(numbers).size).toBeGreaterThan(15)
    for (const number of numbers) expect(headings).toContain(codeAt(number))
  })

  test('is what docs/causes.md says: after a build, node scripts/causes-doc.mjs writes it anew', () => {
    expect(readFileSync(new URL('../../../docs/causes.md', import.meta.url), 'utf8')).toBe(causesDocument())
  })
})
