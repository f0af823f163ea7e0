import { originAt } from '../../core/compare/metric-curve.ts'
import { published } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import type { ComparedRun } from '../baseline/compared-run.ts'
import type { OpenCheckOutput } from './check-output.ts'

/** One JSON object per line: the alerts of a file, and then its summary. */
export const jsonOutput: OpenCheckOutput = (terminal) => ({
  unread: (path, reason) => terminal.stdout(`${encodeJson({ type: 'error', where: path, reason })}\n`),
  file({ file, alerts, deaths, totals: { format, samples, batches, rejects, problem }, verdict, checks, comparison }) {
    for (const alert of [...alerts, ...deaths])
      terminal.stdout(`${encodeJson({ type: 'alert', ...published(alert) })}\n`)
    const counts = { format, samples, batches, rejects }
    const summary = { type: 'summary', file: file.path, run: file.run, ...counts, verdict, checks }
    const baseline = comparison === null ? {} : { baseline: baselineOf(comparison) }
    const error = problem === null ? {} : { error: problem }
    terminal.stdout(`${encodeJson({ ...summary, ...baseline, ...error })}\n`)
  },
  end: () => undefined,
})

/** What a summary says of the comparison of its run. */
function baselineOf({ compared, notCompared, alert }: ComparedRun) {
  return {
    compared: compared.map(({ curve, curve: { metric, role, file }, contrast }) => ({
      baselines: contrast.baselines,
      metric,
      role,
      file,
      step: originAt(curve, contrast.place).step,
      pairs: contrast.pairs,
      level: contrast.level,
      baseline: contrast.baseline,
      spreads: contrast.difference / contrast.spread,
      isWorse: alert !== null && [alert, ...alert.related].some((sign) => sign.metric === metric && sign.file === file),
    })),
    notCompared,
  }
}
