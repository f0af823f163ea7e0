import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { causesDocument } from '../../../../src/core/diagnose/causes/document.ts'
import { CAUSES, causeOf, codeAt, codeOf } from '../../../../src/core/diagnose/causes/index.ts'

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

  test('is what docs/causes.md says: after a build, node scripts/causes-doc.mjs writes it anew', () => {
    expect(readFileSync(new URL('../../../../docs/causes.md', import.meta.url), 'utf8')).toBe(causesDocument())
  })
})
