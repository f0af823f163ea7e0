import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RULES } from '../../../src/core/detect/index.ts'
import type { Thresholds } from '../../../src/core/detect/rule.ts'
import { RULE_PAGES, rulesTable, withRules } from '../../../src/core/detect/rules-document.ts'

function pageOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
}

for (const path of RULE_PAGES) {
  test(`${path} says of the rules what they state: npm run docs:detectors writes it`, () => {
    expect(withRules(path, pageOf(path))).toBe(pageOf(path))
  })
}

/** The thresholds that a rule names in its sentences. */
function namedIn({ document, defaults }: (typeof RULES)[number]): string[] {
  const named = new Set<string>()
  const watched = new Proxy(defaults, {
    get(target, key: string) {
      named.add(key)
      return target[key]
    },
  })
  document.fires(watched)
  document.severity(watched)
  return [...named]
}

for (const rule of RULES) {
  for (const key of namedIn(rule)) {
    test(`the row of ${rule.name} says another thing where ${key} is another`, () => {
      const other = { ...rule, defaults: { ...rule.defaults, [key]: 7 * rule.defaults[key]! } }
      expect(rulesTable([other])).not.toBe(rulesTable([rule]))
    })
  }
}

test('a row says its thresholds as a person writes them', () => {
  const rowOf = (name: string, thresholds: Thresholds) => {
    const rule = RULES.find((each) => each.name === name)!
    return rulesTable([{ ...rule, defaults: { ...rule.defaults, ...thresholds } }])
  }
  expect(rowOf('spike', { z: 4.5, criticalInARow: 3 })).toMatch(
    /max\(4\.5, \(1\.2 \+ 3\/√n\)·Z\).* at 5 times the level 3 times in a row/,
  )
  expect(rowOf('loss-scale', { collapse: 65536, minimum: 2 })).toContain('65,536-fold, or to 2, by two falls')
  expect(rowOf('frozen', { chance: 2e-12 })).toContain('pⁿ ≤ 2·10⁻¹²')
  expect(rowOf('chance-plateau', { tolerance: 0.03 })).toContain('within 3 % of ln K and 1.5 % of each other')
  expect(rowOf('stall', { leastMs: 90_000, firstMs: 60_000 })).toMatch(/longest of 90 seconds, .* after a minute/)
})

test('every rule has its row, and its line among the names of the rules', () => {
  for (const { name, document } of RULES) {
    expect(pageOf('docs/detectors.md')).toMatch(new RegExp(`^\\| \`${name}\` +\\| `, 'm'))
    expect(pageOf('docs/cli.md')).toContain(`\n- \`${name}\`: ${document.about}\n`)
  }
})

test('what stands around a part stays as it is, and a part that went stale is written anew', () => {
  const page = pageOf('docs/detectors.md')
  const stale = page.replace('| warning; critical after 10 hidden values in a row', '| by and by')
  expect(stale).not.toBe(page)
  expect(withRules('docs/detectors.md', stale)).toBe(page)
})

test('a page that lacks the comment before or behind a part is refused', () => {
  const page = pageOf('docs/cli.md')
  for (const comment of [/<!-- begin rule names.*-->/, /<!-- end rule names -->/]) {
    expect(() => withRules('docs/cli.md', page.replace(comment, ''))).toThrow(
      'docs/cli.md lacks "<!-- begin rule names',
    )
  }
})
