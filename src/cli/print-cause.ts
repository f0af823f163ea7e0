import { FRAMEWORKS } from '../core/causes/entry.ts'
import { causeOf } from '../core/causes/index.ts'
import { crashOf } from '../core/crashes/index.ts'
import type { Cause } from '../protocol/alert.ts'
import { paint, printable, type Terminal } from './terminal.ts'
import { wrapped } from './wrap.ts'

const INDENT = '  '

/** A cause for people: what goes wrong, how it shows, the fix in code, how to confirm it and where to read more. */
export function causeText(code: string, terminal: Terminal): string {
  const entry = causeOf(code)
  const colors = paint(terminal)
  const paragraph = (text: string) => wrapped(text, terminal.columns - INDENT.length).map((line) => INDENT + line)
  const crash = crashOf(code)
  if (crash !== null) {
    const { why, fix, next } = crash
    const parts = [colors.bold(code), ...paragraph(why), colors.bold('Fix'), ...paragraph(fix)]
    return `${[...parts, colors.bold('Look at next'), ...paragraph(next)].join('\n')}\n`
  }
  if (entry === null) return `${printable(code)}: not known to this version\n`
  const fixes = FRAMEWORKS.flatMap((framework) => {
    const lines = entry.inCode[framework]
    return lines === undefined
      ? []
      : [`${INDENT}${colors.dim(framework)}`, ...lines.split('\n').map((line) => INDENT + INDENT + line)]
  })
  return [
    `${colors.bold(code)}  ${entry.title}`,
    ...paragraph(entry.what),
    `${colors.bold('Signs')}`,
    ...paragraph(entry.signs),
    `${colors.bold('Fix')}`,
    ...paragraph(entry.fix),
    ...fixes,
    `${colors.bold('Confirm')}`,
    ...paragraph(entry.confirm),
    `${colors.bold('Read more')}`,
    ...entry.links.map((link) => INDENT + link),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

/** What speaks for a cause, one line for each number; empty where nothing does. */
export function evidenceText(cause: Cause, terminal: Terminal): string {
  if (cause.evidence.length === 0) return ''
  const colors = paint(terminal)
  const heading = cause.code === null ? 'Evidence' : `Evidence (${cause.confidence})`
  const width = Math.max(...cause.evidence.map(({ name }) => name.length))
  const lines = cause.evidence.map(({ name, value }) => {
    const text = Array.isArray(value) ? value.join(', ') : String(value)
    return `${INDENT}${name.padEnd(width)}  ${printable(text)}`
  })
  return [colors.bold(heading), ...lines].map((line) => `${line}\n`).join('')
}
