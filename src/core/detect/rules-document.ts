import { withPart } from '../causes/page-part.ts'
import { FAILURE_SIGNS } from './failure-signs.ts'
import { RULES } from './index.ts'
import { PROFILE_SETTINGS } from './profiles.ts'
import { PROFILES } from './settings.ts'

/** The parts of the pages that are generated from the rules, as Markdown. Each stands between two comments in its page. */
const PARTS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/detectors.md': { rules: () => rulesTable(RULES), 'signs of a failing loss': signsSentence },
  'docs/cli.md': { 'rule names': rulesList },
  'docs/configuration.md': { 'profile thresholds': profilesTable },
}

/** The pages with generated parts. */
export const RULE_PAGES = Object.keys(PARTS)

/** The text of a page with its generated parts renewed. Throws where a comment that marks one is missing. */
export function withRules(page: string, text: string): string {
  const parts = Object.entries(PARTS[page] ?? {})
  return parts.reduce((before, [name, part]) => withPart(page, before, name, 'npm run docs:detectors', part()), text)
}

/** The table of rules, each with its defaults. */
export function rulesTable(rules: typeof RULES): string {
  const rows = rules.map(({ name, defaults, document }) => [
    code(name),
    document.watches,
    document.fires(defaults),
    document.severity(defaults),
  ])
  return table(['Rule', 'Watches', 'Fires', 'Severity'], rows)
}

function signsSentence(): string {
  const names = FAILURE_SIGNS.map(({ name }) => code(name))
  return `Signs of a failing loss, the one that says most of it first: ${names.join(', ')}.`
}

function rulesList(): string {
  return RULES.map(({ name, document }) => `- ${code(name)}: ${document.about}`).join('\n')
}

/** The thresholds that differ between profiles. */
function profilesTable(): string {
  const rows = RULES.flatMap(({ name, defaults }) => {
    const sets = PROFILES.map((profile) => ({ ...defaults, ...(PROFILE_SETTINGS[profile][name] || {}) }))
    const changed = Object.keys(defaults).filter((key) => sets.some((set) => set[key] !== defaults[key]))
    return changed.map((key, at) => [
      at === 0 ? code(name) : '',
      code(key),
      ...sets.map((set) => brief(Number(set[key]))),
    ])
  })
  return table(['Rule', 'Threshold', ...PROFILES.map(code)], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) => Math.max(...all.map((row) => lengthOf(row[column]!))))
  const [first, ...others] = all.map((row) =>
    lineOf(row.map((cell, column) => cell + ' '.repeat(widths[column]! - lengthOf(cell)))),
  )
  return [first, lineOf(widths.map((width) => '-'.repeat(width))), ...others].join('\n')
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The length in characters as people count them, and not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length
}

function code(text: string): string {
  return `\`${text}\``
}

/** A number as text, with a large power of ten as `1e6`. */
function brief(value: number): string {
  const exponent = Math.log10(value)
  return exponent >= 5 && Number.isInteger(exponent) ? `1e${exponent}` : String(value)
}
