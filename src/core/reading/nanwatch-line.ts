/**
 * How each line begins that `watch` prints for people into a file or a pipe.
 *
 * A batch job often has one output for all that it starts: what nanwatch says of a
 * NaN there is no word of the job's, and is not read.
 */
const NANWATCH_LINE = 'nanwatch: '

/** The text with each of its lines marked as one of nanwatch. */
export function asNanwatchLines(text: string): string {
  return text.replace(/^(?=.)/gm, NANWATCH_LINE)
}

export function isNanwatchLine(text: string): boolean {
  return text.startsWith(NANWATCH_LINE)
}
