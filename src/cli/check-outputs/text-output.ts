import { missingForCourse } from '../../core/detect/rule-checks.ts'
import { alertText } from '../print-alert.ts'
import { paint, printable } from '../terminal.ts'
import type { OpenCheckOutput } from './check-output.ts'

/** For people. */
export const textOutput: OpenCheckOutput = (terminal) => {
  const colors = paint(terminal)
  const counted = { files: 0, failed: 0, warned: 0 }
  return {
    unread: () => undefined,
    file({ file, alerts, totals: { format, samples, batches, rejects, seen }, verdict, checks }) {
      counted.files++
      if (verdict === 'failed' || verdict === 'warned') counted[verdict]++
      const color = {
        failed: colors.red,
        warned: colors.yellow,
        'no-loss': colors.yellow,
        healthy: colors.green,
        'no-data': colors.dim,
      }[verdict]
      const counts = [
        `${samples} samples`,
        ...(batches > 0 ? [`${batches} batches`] : []),
        ...(rejects > 0 ? [`${rejects} rejects`] : []),
      ]
      terminal.stdout(
        `${color(verdict.padEnd(8))} ${printable(file.path)}  ${colors.dim(`${format ?? 'no known format'}, ${counts.join(', ')}`)}\n`,
      )
      const missing = verdict === 'healthy' ? missingForCourse(seen, checks) : null
      if (missing !== null) terminal.stdout(`  healthy so far: ${missing}\n`)
      for (const alert of alerts) terminal.stdout(alertText(alert, terminal))
    },
    end() {
      if (counted.files > 1) {
        terminal.stderr(`${counted.files} files: ${counted.failed} failed, ${counted.warned} warned\n`)
      }
    },
  }
}
