import { describe, expect, test } from 'vitest'
import type { Alert } from '../../src/protocol/alert.ts'
import { WatchedRun } from '../core/pipeline/watched-run.ts'
import { FAULTY_KINDS, HEALTHY_KINDS, type PolicyKind, policyLog } from './made-policy-runs.ts'

const RUNS = 20
const RULES = ['entropy-collapse', 'kl-blow-up', 'constant-reward', 'response-length']

function alertsOf(kind: PolicyKind): readonly (readonly Alert[])[] {
  return Array.from({ length: RUNS }, (_, at) => new WatchedRun().read('train.log', policyLog(kind, at + 1)).alerts)
}

function countWhere(runs: readonly (readonly Alert[])[], holds: (alert: Alert) => boolean): number {
  return runs.filter((alerts) => alerts.some(holds)).length
}

const TOLD: Readonly<Record<(typeof FAULTY_KINDS)[number], string>> = {
  'entropy collapse': 'entropy-collapse',
  'KL blow-up': 'kl-blow-up',
  'no reward ever': 'constant-reward',
  'reward stuck': 'constant-reward',
  'groups without spread': 'constant-reward',
  'length collapse': 'response-length',
  'length explosion': 'response-length',
  'length at its cap': 'response-length',
  'KL blow-up as slow as the rest of the run': 'kl-blow-up',
}

describe('made runs of reinforcement learning', () => {
  for (const kind of HEALTHY_KINDS) {
    test(`${kind}: nothing is critical, and no rule about the policy warns`, () => {
      const runs = alertsOf(kind)
      expect(countWhere(runs, ({ severity }) => severity === 'critical')).toBe(0)
      expect(countWhere(runs, ({ rule, severity }) => RULES.includes(rule) && severity !== 'info')).toBe(0)
    })
  }

  for (const kind of FAULTY_KINDS) {
    test(`${kind}: ${TOLD[kind]} warns of it and no other rule about the policy does`, () => {
      const runs = alertsOf(kind)
      expect(countWhere(runs, ({ severity }) => severity === 'critical')).toBe(0)
      const isWarned = ({ rule, severity, state }: Alert) =>
        rule === TOLD[kind] && severity === 'warning' && state === 'firing'
      expect(countWhere(runs, isWarned)).toBeGreaterThanOrEqual(0.9 * RUNS)
      const isOther = ({ rule, severity }: Alert) => RULES.includes(rule) && rule !== TOLD[kind] && severity !== 'info'
      expect(countWhere(runs, isOther)).toBe(0)
    })
  }
})
