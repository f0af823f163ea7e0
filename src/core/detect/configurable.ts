import type { RuleName } from '../../protocol/alert.ts'
import type { JsonValue } from '../../protocol/value.ts'
import { STALL_DEFAULTS } from '../job/cadence.ts'
import { DETECTORS } from './index.ts'

/** Rules about a whole log: no detector of one series can see what they look for. */
const OF_LOGS: readonly Configurable[] = [
  { rule: 'crashed', defaults: {} },
  { rule: 'stall', defaults: { ...STALL_DEFAULTS } },
]

/** A rule that the configuration can switch off, and the thresholds that it can change. */
export interface Configurable {
  readonly rule: RuleName
  readonly defaults: Readonly<Record<string, JsonValue>>
}

/** Every rule with settings. */
export const CONFIGURABLE: readonly Configurable[] = [
  ...DETECTORS.map(({ rule, defaults }) => ({ rule, defaults: defaults as Configurable['defaults'] })),
  ...OF_LOGS,
]
