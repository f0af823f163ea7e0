/**
 * The text of a page with another part between the two comments that mark it.
 *
 * `writer` is the command that the first comment names. Throws where a comment is missing.
 */
export function withPart(page: string, text: string, name: string, writer: string, part: string): string {
  const begin = `<!-- begin ${name}: ${writer} writes them -->\n`
  const end = `\n<!-- end ${name} -->`
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`${page} lacks "${begin.trim()}", or "${end.trim()}" after it`)
  return `${text.slice(0, from)}${begin}\n${part}\n${text.slice(to)}`
}
