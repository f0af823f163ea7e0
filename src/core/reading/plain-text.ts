const ESCAPE = String.fromCharCode(0x1b)
const BELL = String.fromCharCode(0x07)

/**
 * The sequences of ECMA-48: colours and cursor moves (`ESC [ … letter`), titles
 * and links (`ESC ] … BEL`), and the short ones. What follows an ESC that opens
 * none of them is text. Each part stops where the next can begin, so no input
 * makes it go back over more than one sequence.
 */
const TERMINAL_SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]?|[\\]P^_X][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[ -/]+[0-~]|[0-9=>])?`,
  'g',
)

/** A line as a reader sees it: without the colours, links and moves that a terminal acts on. */
export function plainText(line: string): string {
  return line.includes(ESCAPE) ? line.replace(TERMINAL_SEQUENCES, '') : line
}
