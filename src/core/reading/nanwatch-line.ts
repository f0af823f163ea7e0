/**
 * The beginning of each line that `watch` prints for people into a file or a pipe.
 *
 * A batch job often writes the output of all its programs into one file. There
 * the lines of nanwatch about a NaN would look like lines of the job, so lines
 * with this beginning are not read.
 */
const NANWATCH_LINE = 'nanwatch: '

/** The text with each of its lines marked as a line of nanwatch. */
export function asNanwatchLines(text: string): string {
  return text.replace(/^(?=.)/gm, NANWATCH_LINE)
}

export function isNanwatchLine(text: string): boolean {
  return text.startsWith(NANWATCH_LINE)
}
