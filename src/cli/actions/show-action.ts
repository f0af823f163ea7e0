import { published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { lacksLoss, type RunStatus } from '../../protocol/run.ts'
import type { Reader } from '../../store/store.ts'
import { type DatabaseSource, withReaderOf } from '../database-source.ts'
import { findRun } from '../find-run.ts'
import { alertText } from '../print-alert.ts'
import type { Shell } from '../shell.ts'
import { table } from '../table.ts'
import { printable } from '../terminal.ts'
import { ago } from '../time.ts'

const REJECTS_SHOWN = 20

export type ShowArguments = DatabaseSource & { run: string; json: boolean }

export const show =
  ({ terminal }: Shell) =>
  ({ run: name, json, ...source }: ShowArguments) =>
    withReaderOf(source, async (reader) => {
      const { run, series, alerts, gaps, rejects } = await reader.snapshot((view) => allOf(view, name))
      if (json) {
        const openAlerts = alerts.filter((alert) => alert.state === 'firing').map(published)
        terminal.stdout(`${encodeJson({ ...run, series, openAlerts, gapList: gaps, rejectList: rejects })}\n`)
        return
      }
      terminal.stdout(
        `${printable(run.run)}: ${run.state}${run.backfill ? ' (backfill)' : ''}, step ${run.lastStep ?? '-'}, ${lacksLoss(run) ? 'no loss' : `loss ${run.lastLoss ?? '-'}`}, ` +
          `written ${ago(run.lastReadAt, Date.now())}\n` +
          stateText(run) +
          `${run.samples} samples, ${run.batches} batches, ${run.rejects} rejects, ${run.gaps} gaps\n`,
      )
      for (const file of run.files) terminal.stdout(`  ${printable(file)}\n`)
      if (series.length > 0) {
        const rows = series.map((one) => [one.metric, one.role, String(one.samples), String(one.nonFinite)])
        terminal.stdout(`\n${table(['METRIC', 'ROLE', 'SAMPLES', 'NON-FINITE'], rows)}`)
      }
      for (const alert of alerts) terminal.stdout(`\n${alertText(alert, terminal)}`)
      for (const gap of gaps)
        terminal.stdout(`\ngap: ${printable(gap.file)}: ${gap.reason} at byte ${gap.offset} (${gap.at})\n`)
      for (const { file, offset, reason, detail, excerpt } of rejects) {
        terminal.stdout(
          `\nreject: ${printable(file)}: byte ${offset}: ${reason}: ${printable(detail)}\n  ${printable(excerpt)}\n`,
        )
      }
    })

/** Since when a run is in its state, and how that is known. */
function stateText({ state, stateSince, stateReason }: RunStatus): string {
  if (stateSince === null && stateReason === null) return ''
  const since = stateSince === null ? '' : ` since ${ago(stateSince, Date.now())}`
  return `${state}${since}${stateReason === null ? '' : `: ${printable(stateReason)}`}\n`
}

async function allOf(reader: Reader, name: string) {
  const run = findRun(await reader.runs(), name)
  return {
    run,
    series: await reader.series(run.run),
    alerts: await reader.alerts({ run: run.run }),
    gaps: await reader.gaps(run.run),
    rejects: await reader.rejects(run.run, REJECTS_SHOWN),
  }
}
