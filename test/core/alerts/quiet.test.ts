import { describe, expect, test } from 'vitest'
import { owedNotifications } from '../../../src/core/alerts/announce.ts'
import { coalesce } from '../../../src/core/alerts/coalesce.ts'
import { withAlert } from '../../../src/core/alerts/incidents.ts'
import type { Finding, Raise } from '../../../src/core/detect/finding.ts'
import { nonFiniteFinding, spikeFinding } from '../diagnose/findings.ts'
import { History } from './history.ts'

const SENTENCE = 'The value after it was at the level again.'

function jump(step: number, severity: 'info' | 'warning'): Raise {
  const found = spikeFinding(5, { level: 3, z: 9 })
  return { ...found, severity, at: { ...found.at, step } }
}

function over(step: number): Finding {
  return { kind: 'clear', rule: 'spike', at: { ...jump(step, 'info').at }, ended: SENTENCE }
}

function told(history: History): string[] {
  return owedNotifications(history.transitions, ['sink']).map(
    ({ transition: { kind, alert } }) => `${kind} ${alert.severity} ${alert.rule} ${alert.step}`,
  )
}

describe('an alert that is only noted', () => {
  test('is told to no sink, neither when it begins nor when it ends, and its text says how it ended', () => {
    const history = new History().take(jump(100, 'info')).take(over(120))
    expect(told(history)).toEqual([])
    expect(history.transitions.map(({ kind }) => kind)).toEqual(['firing', 'resolved'])
    expect(history.alerts).toMatchObject([{ severity: 'info', state: 'resolved' }])
    expect(history.alerts[0]!.why.endsWith(SENTENCE)).toBe(true)
  })

  test('is told from the moment on at which it is a warning, and keeps its id', () => {
    const history = new History().take(jump(100, 'info')).take(jump(101, 'warning')).take(over(125))
    expect(told(history)).toEqual(['firing warning spike 101', 'resolved warning spike 101'])
    expect(new Set(history.transitions.map(({ alert }) => alert.id)).size).toBe(1)
    expect(history.alerts[0]!.why).not.toContain(SENTENCE)
  })

  test('is told to fire where it was old news, too, and gets worse', () => {
    const history = new History().take(jump(100, 'warning'), { backfill: true }).take(nonFiniteFinding({ step: 101 }))
    expect(told(history)).toEqual(['firing critical non-finite 101'])
  })

  test('is the first sign of the failure that follows it', () => {
    const history = new History().take(jump(806, 'info')).take(nonFiniteFinding({ step: 812 }))
    expect(told(history)).toEqual(['firing critical non-finite 812'])
    expect(history.alerts).toMatchObject([
      {
        severity: 'critical',
        rule: 'non-finite',
        signs: [{ rule: 'spike', severity: 'info', step: 806 }, { step: 812 }],
      },
    ])
    expect(history.alerts[0]!.firstSign).toMatch(/first sign was at step 806: spike/)
  })

  test('that got worse within one commit is told', () => {
    const history = new History().take(jump(100, 'info')).take(jump(101, 'warning'))
    expect(owedNotifications(coalesce(history.transitions), ['sink'])).toMatchObject([
      { transition: { kind: 'firing', alert: { severity: 'warning' } } },
    ])
    const quiet = new History().take(jump(100, 'info')).take(over(120))
    expect(owedNotifications(coalesce(quiet.transitions), ['sink'])).toEqual([])
  })
})

describe('a spike that the spike of another run explains', () => {
  const explained = (history: History) => {
    const [alert] = history.alerts
    const { transitions } = withAlert(history.incidents, { ...alert!, why: 'So did the loss of another run.' })
    return transitions.map(({ kind, isNews }) => ({ kind, isNews }))
  }

  test('is told again while it fires, and not after it was told to be over', () => {
    const open = new History().take(jump(100, 'warning'))
    expect(explained(open)).toEqual([{ kind: 'updated', isNews: true }])
    expect(explained(open.take(over(120)))).toEqual([{ kind: 'updated', isNews: false }])
  })
})
