import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RULES } from '../../../src/core/detect/index.ts'
import { RULE_PAGES, withRules } from '../../../src/core/detect/rules-document.ts'

function pageOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
}

for (const path of RULE_PAGES) {
  test(`${path} says of the rules what they state: npm run docs:detectors writes it`, () => {
    expect(withRules(path, pageOf(path))).toBe(pageOf(path))
  })
}

test('every rule has its row, and its line among the names of the rules', () => {
  for (const { name, document } of RULES) {
    expect(pageOf('docs/detectors.md')).toMatch(new RegExp(`^\\| \`${name}\` +\\| `, 'm'))
    expect(pageOf('docs/cli.md')).toContain(`\n- \`${name}\`: ${document.about}\n`)
  }
})

test('what stands around a part stays as it is, and a part that went stale is written anew', () => {
  const page = pageOf('docs/detectors.md')
  const stale = page.replace('| warning; critical after 10 in a row', '| by and by')
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
