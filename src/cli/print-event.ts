import { asNanwatchLines } from '../core/reading/nanwatch-line.ts'
import type { DaemonEvent } from '../daemon/event.ts'
import { encodeJson } from '../protocol/json.ts'
import { flatEvent } from './flat-event.ts'
import { STDOUT } from './outputs.ts'
import { alertText } from './print-alert.ts'
import { paint, printable, type Terminal } from './terminal.ts'
import { localTime } from './time.ts'

/** Prints an event: for people on stderr, or for a program on stdout. */
export function printEvent(event: DaemonEvent, json: boolean, terminal: Terminal): void {
  if (json) terminal.stdout(`${encodeJson(flatEvent(event))}\n`)
  // Where stdout is gone only the people can be told of it.
  if (json && !(event.type === 'error' && event.where === STDOUT)) return
  const text = eventText(event, terminal)
  terminal.stderr(terminal.isInteractive ? text : asNanwatchLines(text))
}

/** One event of the daemon for people. */
function eventText(event: DaemonEvent, terminal: Terminal): string {
  const colors = paint(terminal)
  switch (event.type) {
    case 'ready':
      return `nanwatch ${event.version} follows ${event.files} ${event.files === 1 ? 'file' : 'files'} and keeps ${printable(event.database)}\n${colors.bold(`dashboard: ${event.url}`)}\n`
    case 'alert':
      return `${colors.dim(localTime(new Date()))} ${alertText(event.alert, terminal)}`
    case 'run':
      return `${colors.dim(localTime(new Date()))} ${printable(event.run)} is ${event.state}${event.stateReason == null ? '' : `: ${printable(event.stateReason)}`}\n`
    case 'gap':
      return `${printable(event.gap.file)}: ${event.gap.reason} at byte ${event.gap.offset}; what was written and removed between two looks could not be read\n`
    case 'reject':
      return `${printable(event.reject.file)}: byte ${event.reject.offset}: ${event.reject.reason}: ${printable(event.reject.detail)}\n`
    case 'error':
      return `${colors.red('error')} ${printable(event.where)}: ${printable(event.reason)}\n`
    case 'stopped':
      return 'stopped; nothing is lost, reading goes on from here at the next start\n'
  }
}
