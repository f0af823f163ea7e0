import type { NotShared } from '../../core/compare/shared-curves.ts'
import { type Alert, messageOf } from '../../protocol/alert.ts'
import { NO_LOSS } from '../../protocol/run.ts'
import { printable } from '../terminal.ts'
import type { OpenCheckOutput } from './check-output.ts'
import { lineNumbers } from './line-numbers.ts'
import { placeIn } from './source-place.ts'

const COMMANDS = { critical: 'error', warning: 'warning', info: 'notice' } as const

/** Annotations of GitHub Actions: workflow commands, one a line. */
export const githubOutput: OpenCheckOutput = (terminal) => {
  const counted = { files: 0, failed: 0, warned: 0 }
  const note = (name: 'error' | 'warning', path: string, message: string, title = 'nanwatch') =>
    terminal.stdout(command(name, { file: placeIn(path).path, title }, message))
  return {
    unread: (path, reason) => note('error', path, `not read: ${reason}`),
    async file({ file, alerts, totals: { problem }, verdict, comparison }) {
      counted.files++
      if (verdict === 'failed' || verdict === 'warned') counted[verdict]++
      const lines = await lineNumbers(file.path, alerts)
      for (const alert of alerts) terminal.stdout(annotation(alert, lines.get(alert) ?? null))
      if (problem !== null) note('error', file.path, `cannot be read: ${problem}`)
      if (verdict === 'no-loss') note('warning', file.path, NO_LOSS, 'nanwatch: no loss')
      if (comparison?.isUncompared === true) {
        note('error', file.path, reasonsOf(comparison.notCompared), 'nanwatch: not compared')
      }
    },
    end() {
      terminal.stderr(
        `${counted.files} ${counted.files === 1 ? 'file' : 'files'}: ${counted.failed} failed, ${counted.warned} warned\n`,
      )
    },
  }
}

function reasonsOf(notCompared: readonly NotShared[]): string {
  return notCompared.map(({ baseline, reason }) => `${baseline}: ${reason}`).join('\n')
}

function annotation(alert: Alert, line: number | null): string {
  const place = { file: placeIn(alert.file).path, ...(line === null ? {} : { line: String(line) }) }
  return command(COMMANDS[alert.severity], { ...place, title: `${alert.rule}: ${alert.run}` }, messageOf(alert))
}

/** A workflow command. What would end its line, or one of its properties, is written as its code. */
function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${propertyText(value)}`)
  return `::${name} ${given.join(',')}::${messageText(message)}\n`
}

function messageText(text: string): string {
  return printable(text.replaceAll('\r', ' ')).replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function propertyText(text: string): string {
  return messageText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
