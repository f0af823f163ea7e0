import { beforeEach, describe, expect, test } from 'vitest'
import { owedNotifications } from '../../src/core/alerts/announce.ts'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { UnsavedAlerts } from '../../src/daemon/unsaved-alerts.ts'
import type { Alert } from '../../src/protocol/alert.ts'
import { alert, commit } from '../store/commits.ts'

let told: string[]
let delivered: string[]
let unsaved: UnsavedAlerts

beforeEach(() => {
  told = []
  delivered = []
  unsaved = new UnsavedAlerts(
    (event) => told.push(event.type === 'alert' ? words(event.alert) : event.type),
    ({ sink, transition }) => delivered.push(`${sink}: ${words(transition.alert)}`),
  )
})

function words({ rule, severity, state }: Alert): string {
  return `${state} ${severity} ${rule}`
}

/** A commit in which this is new of an alert. */
function news(parts: Partial<Alert>, isNews = true): Commit {
  const changed = alert(parts)
  const transitions = [{ kind: changed.state, alert: changed, isNews }] as const
  return commit({
    transitions,
    entries: [{ type: 'alert', alert: changed, isNews }],
    owed: owedNotifications(transitions, ['mail']),
  })
}

function save({ entries }: Commit): boolean[] {
  return entries.map((entry) => unsaved.wasAnnounced(entry))
}

const WARNING = { rule: 'spike', severity: 'warning' } as const
const CRITICAL = { rule: 'non-finite', severity: 'critical' } as const

describe('an alert that cannot be saved', () => {
  test('is told and delivered once, however often it is tried, and not again when it is saved', () => {
    for (let tries = 0; tries < 3; tries++) unsaved.announce(news(WARNING))
    expect(told).toEqual(['firing warning spike'])
    expect(delivered).toEqual(['mail: firing warning spike'])
    expect(save(news(WARNING))).toEqual([true])
  })

  test('is told again when it becomes worse, and when it ends', () => {
    for (const change of [WARNING, CRITICAL, { ...CRITICAL, state: 'resolved' } as const])
      unsaved.announce(news(change))
    const all = ['firing warning spike', 'firing critical non-finite', 'resolved critical non-finite']
    expect(told).toEqual(all)
    expect(delivered).toEqual(all.map((one) => `mail: ${one}`))
  })

  test('is not told where it is no news', () => {
    unsaved.announce(news(WARNING, false))
    expect([told, delivered]).toEqual([[], []])
    expect(save(news(WARNING, false))).toEqual([false])
  })

  test('is told like any other once it is saved: when it becomes worse, and when it says the same once more', () => {
    unsaved.announce(news(WARNING))
    expect(save(news(WARNING))).toEqual([true])
    expect(save(news(CRITICAL))).toEqual([false])
    expect(save(news(WARNING))).toEqual([false])
  })

  test('leaves nothing behind of what was saved in one piece with what came after it', () => {
    unsaved.announce(news(WARNING))
    unsaved.announce(news(CRITICAL))
    expect(save(news(CRITICAL))).toEqual([true])
    expect(save(news(WARNING))).toEqual([false])
  })

  test('is not told twice where it is saved piece by piece, and hides no other', () => {
    unsaved.announce(news(WARNING))
    unsaved.announce(news(CRITICAL))
    expect(save(news({ ...WARNING, id: 'alert-2' }))).toEqual([false])
    expect([...save(news(WARNING)), ...save(news(CRITICAL))]).toEqual([true, true])
  })
})
