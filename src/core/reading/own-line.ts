/**
 * How each line begins that `watch` prints for people into a file or a pipe.
 *
 * A batch job often has one output for all that it starts: what we say of a
 * NaN there is no word of the job's, and is not read.
 */
const OWN_LINE = 'nanwatch: '

/** The text with each of its lines marked as ours. */
export function asOwnLines(text: string): string {
  return text.replace(/^(?=.)/gm, OWN_LINE)
}

export function isOwnLine(text: string): boolean {
  return text.startsWith(OWN_LINE)
}
