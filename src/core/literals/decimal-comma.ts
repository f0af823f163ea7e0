/** Before three digits a comma may part thousands. */
const BEFORE_DECIMALS = /^([-+]?\d{1,12}),(\d{1,2}|\d{4,20}|(?<=^[-+]?0,)\d{3})(e[-+]?\d{1,3})?$/i
const BEFORE_DIGITS = /^([-+]?\d{1,12}),(\d{1,20})(e[-+]?\d{1,3})?$/i
const MAX_CHARS = 40

/**
 * The cell of a table with a point before its decimals, where it is a number with a comma there; any other cell as it is.
 *
 * `isSure` says that no comma of the table parts thousands: they stand where semicolons part the cells.
 */
export function withDecimalPoint(cell: string, isSure: boolean): string {
  return cell.length > MAX_CHARS ? cell : cell.replace(isSure ? BEFORE_DIGITS : BEFORE_DECIMALS, '$1.$2$3')
}
