import { withPart } from '../core/causes/page-part.ts'
import { CATALOGUE, type CatalogueEntry, type Section } from '../core/formats/catalogue.ts'
import { CONTAINERS } from '../core/formats/containers/index.ts'
import { refused } from '../core/formats/containers/refused.ts'
import { DATABASES } from '../core/formats/databases/index.ts'
import { TEXT_NAMES } from '../core/formats/file-names.ts'
import { isNamed } from '../core/reading/name-pattern.ts'

const HEAD = `# Formats

Point nanwatch at the folder where a job writes: what is listed here is recognised by its content, with nothing to configure. \`nanwatch parse FILE\` says what a file was taken for, and \`nanwatch formats\` prints this list. A log of another kind can be described in the [configuration](configuration-formats.md).

Below a folder a file is followed if its name looks like a log's: [cli.md](cli.md) lists the endings. One with any other name, such as \`train.log.expected\` or \`results.rb\`, is followed where its own path is given: \`nanwatch watch runs results.rb\`.

This page is written by \`npm run docs:formats\`.
`

/** How files are called that are followed below a folder, by what they hold. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'logs of lines': TEXT_NAMES,
  // What a shorter ending says already needs no mention.
  'other files': CONTAINERS.filter((container) => container !== refused)
    .flatMap(({ names }) => names)
    .filter((name) => !isNamed(name, TEXT_NAMES)),
  'databases of experiment trackers': DATABASES.flatMap(({ names }) => names),
  'pickles, where the name speaks of predictions or a history': refused.names,
}

/** The page docs/cli.md with the endings of the files that are followed in their place. */
export function withFileEndings(page: string): string {
  const lists = Object.entries(NAMES).map(([what, names]) => `- ${what}: \`${endingsOf(names).join(' ')}\``)
  return withPart('docs/cli.md', page, 'file endings', 'npm run docs:formats', lists.join('\n'))
}

/** Each pattern once: as an ending, where it is one. */
function endingsOf(patterns: readonly string[]): string[] {
  return [...new Set(patterns)].map((pattern) => pattern.replace(/^\*(?=\.[^*]+$)/, ''))
}

/** The page docs/formats.md: all that is supported, as Markdown. */
export function formatsDocument(): string {
  return [HEAD, ...CATALOGUE.map(sectionText)].join('\n')
}

function sectionText({ key, title, about, entries }: Section): string {
  const text = key === 'unseen' ? unseenText : entryText
  return [`## ${title}\n`, `${about}\n`, ...entries.map(text)].join('\n')
}

function entryText({ name, about, example }: CatalogueEntry): string {
  return `### ${name}\n\n${asText(about)}\n\n\`\`\`text\n${example}\n\`\`\`\n`
}

function unseenText({ name, about, example }: CatalogueEntry): string {
  return `### ${name}\n\nWhy: ${asText(about)}.\n\nInstead: ${asText(example)}.\n`
}

/** Keeps \`<time>\` and \`*\` from being taken for markup. */
function asText(text: string): string {
  return text.replace(/[<>*_]/g, '\\$&')
}
