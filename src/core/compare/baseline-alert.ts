import type { Alert } from '../../protocol/alert.ts'
import { metricValue } from '../../protocol/value.ts'
import { NO_INCIDENTS } from '../alerts/incident.ts'
import { applyFinding } from '../alerts/incidents.ts'
import { stamped } from '../detect/finding.ts'
import type { Override } from '../detect/overrides.ts'
import { RunSettings } from '../detect/overrides.ts'
import { thresholdsOf } from '../detect/rule-setup.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { worseThanBaseline } from '../detect/worse-than-baseline.ts'
import type { MetricContrast } from './compare-runs.ts'
import { originAt } from './metric-curve.ts'

/** What judges a comparison. */
export interface ComparisonSettings {
  readonly detectors: DetectorSettings
  readonly overrides?: readonly Override[]
}

/**
 * The alert of a run that is worse than its baselines; null where it is not.
 *
 * Several metrics that show it are one alert, as of any other rule.
 */
export function baselineAlert(
  run: string,
  compared: readonly MetricContrast[],
  { detectors, overrides = [] }: ComparisonSettings,
  nowIso: string,
): Alert | null {
  const settings = new RunSettings(detectors, overrides, run)
  let incidents = NO_INCIDENTS
  for (const { curve, contrast } of compared) {
    const { metric, role, file } = curve
    const ofMetric = settings.of(metric)
    if (ofMetric[worseThanBaseline.name] === false) continue
    const params = thresholdsOf(worseThanBaseline, ofMetric) as typeof worseThanBaseline.defaults
    const found = worseThanBaseline.judge(contrast, params)
    if (found === null) continue
    const { step, attempt, offset } = originAt(curve, contrast.place)
    const at = { metric, role, step, attempt, offset, value: metricValue(contrast.level), time: null }
    const place = { run, file, nowIso, backfill: false }
    incidents = applyFinding(
      incidents,
      stamped(worseThanBaseline.name, found, at),
      NO_TREND,
      () => null,
      place,
    ).incidents
  }
  return incidents.open[0]?.alert ?? null
}

const NO_TREND = { gradNorm: [], learningRate: [], loss: [] }
