const ESCAPE = String.fromCharCode(0x1b)
const BELL = String.fromCharCode(0x07)
const BACKSPACE = String.fromCharCode(0x08)

/** Colours and cursor moves (`ESC [ … letter`), and titles and links (`ESC ] … BEL`). */
const TERMINAL_SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-9;?]*[A-Za-z]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\))|${BACKSPACE}`,
  'g',
)

/** A line as a reader sees it: without the colours, links and backspaces that a terminal acts on. */
export function plainText(line: string): string {
  return line.includes(ESCAPE) || line.includes(BACKSPACE) ? line.replace(TERMINAL_SEQUENCES, '') : line
}
