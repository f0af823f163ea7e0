import { CATALOGUE, type CatalogueEntry, type Section } from '../core/formats/catalogue.ts'

const HEAD = `# Formats

Point nanwatch at the folder where a job writes: what is listed here is recognised by its content, with nothing to configure. \`nanwatch parse FILE\` says what a file was taken for, and \`nanwatch formats\` prints this list. A log of another kind can be described in the [configuration](configuration-formats.md).

Below a folder a file is followed if its name looks like a log's: [cli.md](cli.md) lists the endings. One with any other name, such as \`train.log.expected\` or \`results.rb\`, is followed where its own path is given: \`nanwatch watch runs results.rb\`.

This page is written by \`npm run docs:formats\`.
`

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
