import { type Changed, type Incidents, NO_INCIDENTS, type Transition } from '../../../src/core/alerts/incident.ts'
import { applyFinding, explainAgain, type FindingPlace } from '../../../src/core/alerts/incidents.ts'
import type { Finding } from '../../../src/core/detect/finding.ts'
import type { Sighting } from '../../../src/core/detect/rule.ts'
import type { BatchEvidence, Trend } from '../../../src/core/diagnose/diagnosis.ts'
import type { Alert, RuleName } from '../../../src/protocol/alert.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { contextOf, nonFiniteFinding } from '../diagnose/findings.ts'

export const PLACE: FindingPlace = {
  run: 'exp7',
  file: 'train.log',
  nowIso: '2026-01-01T10:00:00.000Z',
  backfill: false,
}

/** Incidents that remember what became of them. */
export class History {
  incidents: Incidents = NO_INCIDENTS
  readonly transitions: Transition[] = []
  readonly #trend: Trend

  constructor(trend: Trend = contextOf({}).trend) {
    this.#trend = trend
  }

  take(finding: Finding, place: Partial<FindingPlace> = {}, batch: BatchEvidence | null = null): this {
    return this.#keep(applyFinding(this.incidents, finding, this.#trend, () => batch, { ...PLACE, ...place }))
  }

  explain(batch: BatchEvidence): this {
    return this.#keep(explainAgain(this.incidents, batch, ({ step }) => (step === batch.step ? batch : null)))
  }

  get story(): string[] {
    return this.transitions.map(({ kind, alert, isNews }) => {
      const where = `${alert.rule} ${alert.metric} ${alert.step}`
      return `${kind} ${alert.severity} ${where}${isNews ? '' : ' (no news)'}`
    })
  }

  /** What people are told. */
  get news(): string[] {
    return this.story.filter((line) => !line.endsWith('(no news)'))
  }

  /** Each alert that people see, as it stands at last. */
  get alerts(): Alert[] {
    const last = new Map(this.transitions.map(({ alert }) => [alert.id, alert]))
    return [...last.values()].filter(({ partOf }) => partOf === null)
  }

  get open(): string[] {
    return this.incidents.open.map(({ alert }) => alert.id)
  }

  #keep({ incidents, transitions }: Changed): this {
    // As the store gives them back.
    this.incidents = decodeJson(encodeJson(incidents))
    this.transitions.push(...transitions)
    return this
  }
}

export function clearing(rule: RuleName, at: Partial<Sighting> = {}): Finding {
  return { kind: 'clear', rule, at: { ...nonFiniteFinding({ value: 1 as never, step: 830 }).at, ...at } }
}
