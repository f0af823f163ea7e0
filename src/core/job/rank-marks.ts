interface Tagged {
  readonly rank: number
  readonly text: string
}

/** How launchers mark whose line it is: `[rank3]:`, `[default3]:`, `rank 3:`, `[1,3]<stdout>:`. */
const TAG = /^(?:\[(?:rank|default) ?(\d{1,5})\]:? ?|rank ?(\d{1,5}) ?[:|] ?|\[\d{1,3},(\d{1,5})\]<std(?:out|err)>: ?)/i
const MAX_TAG_CHARS = 32

function tagged(text: string): Tagged | null {
  const first = text.charAt(0)
  if (first !== '[' && first !== 'r' && first !== 'R') return null
  const tag = TAG.exec(text.slice(0, MAX_TAG_CHARS))
  return tag === null ? null : { rank: Number(tag[1] ?? tag[2] ?? tag[3]), text: text.slice(tag[0].length) }
}

/** The rank whose mark stands before a line; null for a line without one. */
export function rankTagged(text: string): number | null {
  return tagged(text)?.rank ?? null
}

/** The line without the mark of the rank that wrote it. */
export function untagged(text: string): string {
  return tagged(text)?.text ?? text
}
