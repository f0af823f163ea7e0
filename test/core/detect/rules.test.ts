import { expect, test } from 'vitest'
import type { DetectorInput } from '../../../src/core/detect/detector.ts'
import { FAILURE_SIGNS } from '../../../src/core/detect/failure-signs.ts'
import { type AnyDetector, type AnyLogRule, DETECTORS, LOG_RULES, RULES } from '../../../src/core/detect/index.ts'
import type { LogEvent } from '../../../src/core/detect/log-rule.ts'
import { PROFILE_SETTINGS } from '../../../src/core/detect/profiles.ts'
import type { Need } from '../../../src/core/detect/rule.ts'
import { PROFILES } from '../../../src/core/detect/settings.ts'
import { ROLES } from '../../../src/protocol/sample.ts'

const NAMES = RULES.map(({ name }) => name)

test('the names of the rules are words joined by hyphens, each its own', () => {
  expect(new Set(NAMES).size).toBe(RULES.length)
  for (const name of NAMES) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

/** What shows each kind of observation. The loss of a pair is a sample of another file. */
const SHOWN_BY: Readonly<Record<DetectorInput['kind'], readonly Need[]>> = {
  sample: ['samples'],
  record: ['samples'],
  hidden: ['hidden-values'],
  batch: ['predictions'],
  pair: ['samples', 'predictions'],
  'failed-batch': ['predictions'],
}

/** What shows each event. A record shows a revival and growth, whatever it is of. */
const EVENTS_SHOWN_BY: Readonly<Record<LogEvent['kind'], readonly Need[]>> = {
  line: ['lines-without-data'],
  unread: ['lines-without-data'],
  death: ['lines-without-data'],
  silence: ['clock'],
  revival: [],
  growth: [],
  end: [],
}

/** What a rule looks at, by what it watches or observes. */
function looksAt(rule: AnyDetector | AnyLogRule): Need[] {
  if ('observes' in rule) return [...new Set(rule.observes.flatMap((kind) => EVENTS_SHOWN_BY[kind]))]
  const kinds = (Object.keys(SHOWN_BY) as DetectorInput['kind'][]).filter((kind) =>
    ROLES.some((role) => rule.watches(kind, 'cross_entropy', role)),
  )
  return [...new Set(kinds.flatMap((kind) => SHOWN_BY[kind]))]
}

test('each rule states that it needs what it looks at, and nothing else', () => {
  for (const rule of [...DETECTORS, ...LOG_RULES]) {
    // When a sample was logged is a part of it, and of what kind predictions are: neither is an observation of its own.
    const needs = rule.needs.filter((need) => need !== 'times' && need !== 'probabilities')
    expect({ rule: rule.name, needs: needs.sort() }).toEqual({ rule: rule.name, needs: looksAt(rule).sort() })
  }
})

test('what a profile has in place of the defaults is what the rules state for it', () => {
  expect(Object.keys(PROFILE_SETTINGS)).toEqual(PROFILES)
  expect(PROFILE_SETTINGS.default).toEqual({})
  for (const profile of ['quiet', 'sensitive'] as const) {
    for (const { name, defaults, profiles } of RULES) {
      const thresholds = PROFILE_SETTINGS[profile][name]
      expect(thresholds, `${name} in ${profile}`).toEqual(profiles?.[profile])
      expect(Object.keys(defaults)).toEqual(expect.arrayContaining(Object.keys(thresholds || {})))
    }
    expect(NAMES).toEqual(expect.arrayContaining(Object.keys(PROFILE_SETTINGS[profile])))
    expect(PROFILE_SETTINGS[profile]).not.toEqual({})
  }
})

test('the signs of a failing loss are the rules that state one, and the one that says most stands first', () => {
  const stated = RULES.filter(({ failureSign }) => failureSign !== undefined).map(({ name }) => name)
  expect(FAILURE_SIGNS.map(({ name }) => name).sort()).toEqual(stated.sort())
  const weights = FAILURE_SIGNS.map(({ weight }) => weight)
  expect(weights).toEqual([...new Set(weights)].sort((a, b) => b - a))
})

test('what a sign of a failing loss foretells is a sign, too, and says more', () => {
  for (const { name, weight, foretells = [] } of FAILURE_SIGNS) {
    const heavier = FAILURE_SIGNS.filter((sign) => sign.weight > weight).map((sign) => sign.name)
    expect(heavier, name).toEqual(expect.arrayContaining([...foretells]))
  }
})
