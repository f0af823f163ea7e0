import { expect, test } from 'vitest'
import { TABLE } from './table.ts'

const HEADER = `# Behaviours that other followers of files are tested for

_Each of them stands in \`test/ported\` as one case, played on real files with a real store in three modes: by events, by polling, and by events of which a third never comes, a third comes late and a third names another file. After each case the daemon is stopped and started again, which must change nothing._

What is named is where the behaviour comes from: a test of the other program by its name, or a complaint about it by its number. No code and no text was taken over. Where we differ from them the sentence says what holds here. This page is written by a test: \`npx vitest run test/ported/documented.test.ts -u\`.
`

test('the page about the ported behaviours lists each of them with its origin', async () => {
  const sections = Object.entries(TABLE).map(([theme, cases]) => {
    const items = cases.map(({ name, origins }) => {
      const sentence = `${name.charAt(0).toUpperCase()}${name.slice(1)}.`
      return `- ${sentence} ${origins.map((origin) => `\`${origin}\``).join(', ')}\n`
    })
    return `\n## ${theme}\n\n${items.join('')}`
  })
  await expect(`${HEADER}${sections.join('')}`).toMatchFileSnapshot('../../docs/ported-behaviours.md')
})

test('no two behaviours have the same name, and each says where it comes from', () => {
  const cases = Object.values(TABLE).flat()
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  expect(cases.filter(({ origins }) => origins.length === 0)).toEqual([])
})
