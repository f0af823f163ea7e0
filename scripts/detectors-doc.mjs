// Writes what the rules state of themselves into the pages of docs, and their defaults into config.example.json. Run it
// after a build.
import { readFileSync, writeFileSync } from 'node:fs'
import { RULES } from '../build/core/detect/index.js'
import { RULE_PAGES, withRules } from '../build/core/detect/rules-document.js'

for (const page of RULE_PAGES) rewrite(page, (text) => withRules(page, text))
rewrite('config.example.json', withDefaults)

function rewrite(path, change) {
  const file = new URL(`../${path}`, import.meta.url)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

function withDefaults(example) {
  const defaults = Object.fromEntries(RULES.map(({ name, defaults }) => [name, defaults]))
  const text = JSON.stringify(defaults, null, 2).replaceAll('\n', '\n  ')
  return example.replace(/^ {2}"detectors": \{\n.*?^ {2}\},$/ms, () => `  "detectors": ${text},`)
}
