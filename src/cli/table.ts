import { printable } from './terminal.ts'

/** Columns side by side, padded to the widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell).replaceAll('\n', ' ')))
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const isNumeric = head.map(
    (_, i) => cells.length > 0 && cells.every((row) => /^[-−\d.e+,]*$|^NaN$|^-?Infinity$|^−?∞$/.test(row[i] ?? '')),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [line(head), ...cells.map(line)].map((text) => `${text}\n`).join('')
}
