import { basename } from 'node:path'
import { type Alert, messageOf, type Severity, storyOf } from '../protocol/alert.ts'
import { paint, printable, type Terminal } from './terminal.ts'
import { wrapped } from './wrap.ts'

/** One alert for people: what and where on the first line, why and what to do below it. */
export function alertText(alert: Alert, terminal: Terminal): string {
  const colors = paint(terminal)
  const color = { critical: colors.red, warning: colors.yellow, info: colors.cyan }[alert.severity]
  const isOver = alert.state === 'resolved'
  const severity = color(alert.severity.toUpperCase())
  const label = isOver ? `${colors.green('RESOLVED')} ${severity}` : colors.bold(severity)
  const end = isOver && alert.resolvedStep !== null ? ` until step ${alert.resolvedStep}` : ''
  const others = alert.related.map(({ metric, file, run }) => {
    if (run !== undefined) return `run ${run}`
    return file === alert.file ? metric : `${metric} in ${basename(file)}`
  })
  const signs = alert.signs.map(({ rule, step, file }) => {
    const where = alert.signs.some((other) => other.file !== file) ? ` in ${basename(file)}` : ''
    return step === null ? `${rule}${where}` : `${rule}${where} at step ${step}`
  })
  const width = terminal.columns - INDENT.length
  const choices = alert.cause?.code === null ? (alert.cause.choices ?? []) : []
  const text = choices.length === 0 ? messageOf(alert) : storyOf(alert)
  const lines = [
    `${label} ${colors.bold(printable(alert.run))} ${alert.rule}${end} ${colors.dim(alert.id)}`,
    ...wrapped(printable(text), width).map((line) => INDENT + line),
    ...choices.flatMap(({ code, title, confirm }) =>
      wrapped(printable(`may be ${code}: ${title}. ${confirm}`), width - INDENT.length).map(
        (line, index) => INDENT + (index === 0 ? '' : INDENT) + line,
      ),
    ),
    ...(signs.length === 0 ? [] : [colors.dim(`${INDENT}signs: ${printable(signs.join(', '))}`)]),
    ...(others.length === 0 ? [] : [colors.dim(`${INDENT}also: ${printable(others.join(', '))}`)]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

const INDENT = '  '

/** Whether it should make a gate fail: info is only noted. */
export function isSerious(severity: Severity): boolean {
  return severity !== 'info'
}
