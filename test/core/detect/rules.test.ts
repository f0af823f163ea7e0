import { expect, test } from 'vitest'
import type { DetectorInput } from '../../../src/core/detect/detector.ts'
import { FAILURE_SIGNS } from '../../../src/core/detect/failure-signs.ts'
import { DETECTORS, RULES } from '../../../src/core/detect/index.ts'
import { PROFILE_SETTINGS } from '../../../src/core/detect/profiles.ts'
import type { Need } from '../../../src/core/detect/rule.ts'
import { ROLES } from '../../../src/protocol/sample.ts'

const NAMES = RULES.map(({ name }) => name)

test('the names of the rules are words joined by hyphens, each its own', () => {
  expect(new Set(NAMES).size).toBe(RULES.length)
  for (const name of NAMES) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

test('each detector states that it needs what it watches', () => {
  const needOf: Readonly<Record<DetectorInput['kind'], Need>> = {
    sample: 'samples',
    hidden: 'hidden-values',
    batch: 'predictions',
    pair: 'predictions',
    'failed-batch': 'predictions',
  }
  for (const { name, needs, watches } of DETECTORS) {
    const kinds = (Object.keys(needOf) as DetectorInput['kind'][]).filter((kind) =>
      ROLES.some((role) => watches(kind, 'cross_entropy', role)),
    )
    for (const kind of kinds) expect({ name, needs }).toEqual({ name, needs: expect.arrayContaining([needOf[kind]]) })
  }
})

test('which rules samples alone show, and which no log shows, follows from what they need', () => {
  expect(RULES.filter(({ needs }) => needs.every((need) => need === 'samples')).map(({ name }) => name)).toEqual([
    'non-finite',
    'exploding',
    'spike',
    'sustained-rise',
    'chance-plateau',
    'frozen',
    'negative-loss',
    'overfit',
    'learning-rate-jump',
    'loss-scale',
  ])
  expect(RULES.filter(({ needs }) => needs.includes('clock')).map(({ name }) => name)).toEqual(['stall'])
})

test('what each profile has in place of the defaults are thresholds of the rule', () => {
  for (const settings of Object.values(PROFILE_SETTINGS)) {
    for (const [name, thresholds] of Object.entries(settings)) {
      const { defaults } = RULES.find((rule) => rule.name === name)!
      expect(Object.keys(defaults)).toEqual(expect.arrayContaining(Object.keys(thresholds)))
    }
  }
  expect(Object.keys(PROFILE_SETTINGS.quiet)).toEqual(['spike', 'sustained-rise'])
  expect(PROFILE_SETTINGS.default).toEqual({})
})

test('of two signs of a failing loss one says more, and what is foretold is a sign, too', () => {
  expect(FAILURE_SIGNS.map(({ name }) => name)).toEqual([
    'non-finite',
    'masked-nan',
    'exploding',
    'log-zero',
    'sustained-rise',
    'spike',
    'saturation',
  ])
  expect(new Set(FAILURE_SIGNS.map(({ weight }) => weight)).size).toBe(FAILURE_SIGNS.length)
  for (const { foretells = [] } of FAILURE_SIGNS) {
    for (const name of foretells) expect(FAILURE_SIGNS.map((sign) => sign.name)).toContain(name)
  }
})
