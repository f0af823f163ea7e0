import { published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { lacksLoss, RUN_STATES, type RunState, type RunSummary } from '../../protocol/run.ts'
import { askDaemon } from '../ask-daemon.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import { noLossText } from '../nothing-read.ts'
import { alertText, isSerious } from '../print-alert.ts'
import type { Shell } from '../shell.ts'
import { printable } from '../terminal.ts'
import { localTime } from '../time.ts'

interface DaemonStatus {
  readonly version: string
  readonly pid: number
  readonly startedAt: string
  readonly roots: readonly string[]
  /** How each root is kept up with; a daemon of an earlier version does not say. */
  readonly watching?: readonly { readonly root: string; readonly mode: string; readonly reason: string }[]
  readonly files: number
  readonly clients: number
  /** A daemon of an earlier version does not say since when. */
  readonly problems: readonly { readonly where: string; readonly reason: string; readonly since?: string }[]
}

export type StatusArguments = DatabaseSource & { json: boolean }

export const status =
  ({ terminal, exit }: Shell) =>
  ({ json, ...source }: StatusArguments) =>
    withReaderOf(source, async (reader) => {
      const address = await reader.daemon()
      const daemon = address === null ? null : await askDaemon<DaemonStatus>(address, '/api/status')
      const { firing, runs } = await reader.snapshot(async (view) => ({
        firing: await view.alerts({ state: 'firing' }),
        runs: await view.runs(),
      }))
      const withoutLoss = runs.filter(lacksLoss).map(({ run }) => run)
      if (json) {
        const counts = {
          runs: runs.length,
          firing: firing.length,
          running: runs.filter((run) => run.state === 'running').length,
          states: Object.fromEntries(byState(runs)),
          withoutLoss,
        }
        terminal.stdout(
          `${encodeJson({ type: 'status', daemon: daemon === null ? null : { ...daemon, url: address?.url }, ...counts })}\n`,
        )
        for (const alert of firing) terminal.stdout(`${encodeJson({ type: 'alert', ...published(alert) })}\n`)
      } else {
        terminal.stdout(
          daemon === null
            ? 'the daemon is not running: start it with `nanwatch watch`\n'
            : `running since ${daemon.startedAt} as process ${daemon.pid}, dashboard ${address?.url}\n` +
                `follows ${daemon.files} files below ${daemon.roots.map(printable).join(', ')}\n`,
        )
        for (const { root, mode, reason } of daemon?.watching ?? [])
          terminal.stdout(`${printable(root)}: by ${mode} (${printable(reason)})\n`)
        for (const { where, reason, since } of daemon?.problems ?? []) {
          const noticed = since === undefined ? '' : `, since ${localTime(new Date(since))}`
          terminal.stdout(`problem: ${printable(where)}: ${printable(reason)}${noticed}\n`)
        }
        const states = byState(runs).map(([state, count]) => `${count} ${state}`)
        const ofRuns = `${runs.length} runs${states.length === 0 ? '' : ` (${states.join(', ')})`}`
        terminal.stdout(`${ofRuns}, ${firing.length} alerts firing\n`)
        terminal.stdout(noLossText(withoutLoss))
        for (const alert of firing) terminal.stdout(alertText(alert, terminal))
      }
      if (firing.some((alert) => isSerious(alert.severity))) exit(3)
    })

/** How many runs are in each state that any is in. */
function byState(runs: readonly RunSummary[]): readonly (readonly [RunState, number])[] {
  const counts = RUN_STATES.map((state) => [state, runs.filter((run) => run.state === state).length] as const)
  return counts.filter(([, count]) => count > 0)
}
