import type { Alert, Severity } from '../protocol/alert.ts'
import { paint, printable, type Terminal } from './terminal.ts'

/** One alert for people: what and where on the first line, why and what to do below it. */
export function alertText(alert: Alert, terminal: Terminal): string {
  const colors = paint(terminal)
  const color = { critical: colors.red, warning: colors.yellow, info: colors.cyan }[alert.severity]
  const label = alert.state === 'resolved' ? colors.green('RESOLVED') : colors.bold(color(alert.severity.toUpperCase()))
  const end = alert.state === 'resolved' && alert.resolvedStep !== null ? ` (until step ${alert.resolvedStep})` : ''
  const where = printable(alert.run)
  const others = alert.related.length === 0 ? '' : `  also: ${alert.related.map((one) => one.metric).join(', ')}\n`
  return (
    `${label} ${colors.bold(where)} ${alert.rule} ${colors.dim(alert.id)}${end}\n` +
    `  ${printable(alert.message)}\n${printable(others.trimEnd()) === '' ? '' : `${printable(others.trimEnd())}\n`}`
  )
}

/** Whether it should make a gate fail: info is only noted. */
export function isSerious(severity: Severity): boolean {
  return severity !== 'info'
}
