import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { causesDocument, withCauseCodes } from '../../../src/core/causes/document.ts'
import { CAUSE, CAUSES, causeOf, codeOf, codeOfNumber } from '../../../src/core/causes/index.ts'
import { CRASH_CLASSES } from '../../../src/core/crashes/index.ts'

const CODES = CAUSES.map(codeOf)

describe('the list of causes', () => {
  test('numbers them from 1 on, each by a number of its own', () => {
    const numbers = CAUSES.map(({ number }) => number)
    expect(numbers[0]).toBe(1)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  })

  test('gives each a code of its number and its name, and calls it so in the code', () => {
    for (const code of CODES) expect(code).toMatch(/^R\d+(-[a-z0-9]+)+$/)
    const inCamelCase = CODES.map((code) => [
      code.replace(/^\w+?-/, '').replace(/-(.)/g, (_, c) => c.toUpperCase()),
      code,
    ])
    expect(Object.entries(CAUSE)).toEqual(inCamelCase)
    expect(CAUSE.clipLostInFloat32).toBe('R3-clip-lost-in-float32')
  })

  test('holds one file for each cause, which is named by its code', () => {
    const files = readdirSync('src/core/causes').filter((name) => /^[a-z]\d+-/.test(name))
    expect(files.sort()).toEqual(CODES.map((code) => `${code.toLowerCase()}.ts`).sort())
  })

  test('finds an entry by its code, and a code by its number', () => {
    expect(causeOf('R3-clip-lost-in-float32')).toMatchObject({ number: 3 })
    expect(causeOf('R3')).toBeNull()
    expect(causeOf('C5-killed')).toBeNull()
    expect(codeOfNumber(3)).toBe(CAUSE.clipLostInFloat32)
    expect(() => codeOfNumber(CAUSES.at(-1)!.number + 1)).toThrow(RangeError)
  })

  test('is named code by code in the page of the commands, as its script writes it', () => {
    const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
    expect(page).toContain('`R1-log-zero`, `R2-zero-times-log-zero`, ')
    expect(withCauseCodes(page)).toBe(page)
  })

  test('says of each what it is, what to change, how to confirm it and where it is documented', () => {
    for (const { title, what, signs, fix, confirm, links } of CAUSES) {
      for (const text of [what, signs, fix, confirm]) expect(text).toMatch(/\.$/)
      expect(title).not.toMatch(/\.$/)
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) expect(() => new URL(link)).not.toThrow()
    }
  })

  test('holds every code that is written out in the program', () => {
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(`src/${path}`, 'utf8'))
    const written = source.flatMap((text) =>
      [...text.matchAll(/['"`]([A-Z]\d+-[a-z][a-z0-9-]*)['"`]/g)].map(([, code]) => code),
    )
    expect(written.length).toBeGreaterThan(0)
    const known = [...CODES, ...CRASH_CLASSES.map(({ code }) => code)]
    for (const code of written) expect(known).toContain(code)
  })

  test('is what docs/causes.md says: after a build, node scripts/causes-doc.mjs writes it anew', () => {
    const page = readFileSync(new URL('../../../docs/causes.md', import.meta.url), 'utf8')
    const [causes = ''] = page.split('\n<!-- What follows is measured')
    expect(causes).toBe(causesDocument())
    expect([...causes.matchAll(/^## (\S+)$/gm)].map(([, code]) => code)).toEqual([
      ...CODES,
      ...CRASH_CLASSES.map(({ code }) => code),
    ])
  })
})
