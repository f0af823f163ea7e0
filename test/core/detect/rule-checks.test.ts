import { describe, expect, test } from 'vitest'
import { RULES } from '../../../src/core/detect/index.ts'
import { RunSettings } from '../../../src/core/detect/overrides.ts'
import { checksOf, missingForCourse, SeenLog } from '../../../src/core/detect/rule-checks.ts'
import type { DetectorSettings } from '../../../src/core/detect/settings.ts'
import type { Role } from '../../../src/protocol/sample.ts'
import { type MetricValue, metricValue } from '../../../src/protocol/value.ts'

function seenOf(
  series: Readonly<Record<string, readonly [Role, number]>>,
  value: MetricValue = metricValue(1),
): SeenLog {
  const seen = new SeenLog()
  for (const [metric, [role, count]] of Object.entries(series))
    for (let step = 0; step < count; step++) seen.sample({ metric, role, step, value })
  return seen
}

function reasonsIn(seen: SeenLog, settings: DetectorSettings = {}): Readonly<Record<string, string | null>> {
  const checks = checksOf(seen, new RunSettings(settings, [], 'run'))
  expect(checks.map(({ rule }) => rule)).toEqual(RULES.map(({ name }) => name))
  for (const { ran, reason } of checks) expect(ran).toBe(reason === null)
  return Object.fromEntries(checks.map(({ rule, reason }) => [rule, reason]))
}

describe('what could be checked', () => {
  test('of a short log of a loss is said rule by rule', () => {
    expect(reasonsIn(seenOf({ loss: ['train_loss', 12] }))).toEqual({
      'non-finite': null,
      'masked-nan': null,
      'log-zero': 'no predictions',
      mismatch: 'no predictions',
      exploding: null,
      spike: 'too few points: 12 of 51',
      'sustained-rise': 'too few points: 12 of 100',
      'worse-than-baseline': 'no baseline',
      'worse-than-start': 'too few points: 12 of 16',
      'chance-plateau': 'too few points: 12 of 1000',
      'no-progress': 'too few points: 12 of 20',
      frozen: null,
      'negative-loss': null,
      'clipped-loss': null,
      overfit: 'no validation loss',
      'learning-rate-jump': 'no learning rate',
      'learning-rate-zero': 'no learning rate',
      'bad-gradient': 'no gradient norm',
      'loss-scale': 'no loss scale',
      collapse: 'no predictions',
      saturation: 'no predictions',
      'entropy-collapse': 'no entropy of a policy',
      'kl-blow-up': 'no KL divergence',
      'constant-reward': 'no reward or share of groups without spread',
      'response-length': 'no length of responses',
      slow: 'no times',
      crashed: null,
      'unread-nan': null,
      stall: 'no clock: only the daemon sees it',
    })
  })

  test('of a log with everything is all but what needs a clock, or a baseline', () => {
    const all = seenOf({
      loss: ['train_loss', 1000],
      val_loss: ['val_loss', 20],
      lr: ['learning_rate', 1000],
      grad_norm: ['grad_norm', 1000],
      loss_scale: ['loss_scale', 1000],
      cross_entropy: ['train_loss', 1000],
      reward: ['reward', 1000],
      entropy: ['entropy', 1000],
      kl: ['kl', 1000],
      response_length: ['response_length', 1000],
    })
    all.hasTimes = true
    for (let batch = 0; batch < 20; batch++) all.batch({ kind: 'probs' })
    const unable = Object.entries(reasonsIn(all)).filter(([, reason]) => reason !== null)
    expect(unable).toEqual([
      ['stall', 'no clock: only the daemon sees it'],
      ['worse-than-baseline', 'no baseline'],
    ])
  })

  test('counts the series that is longest, and of two that are compared the shorter', () => {
    const seen = seenOf({ loss: ['train_loss', 40], 'train/loss': ['train_loss', 5], lr: ['learning_rate', 3] })
    expect(reasonsIn(seen)).toMatchObject({
      'worse-than-start': null,
      'sustained-rise': 'too few points: 40 of 100',
      'learning-rate-zero': 'too few points: 3 of 12',
    })
  })

  test('goes by the thresholds that are in use', () => {
    const seen = seenOf({ loss: ['train_loss', 40] })
    expect(reasonsIn(seen, { 'worse-than-start': { leastSamples: 50 } })).toMatchObject({
      'worse-than-start': 'too few points: 40 of 50',
    })
    expect(reasonsIn(seen, { spike: { warmupSamples: 20 } })).toMatchObject({ spike: null })
    expect(reasonsIn(seen, { spike: false, crashed: false, 'no-progress': false })).toMatchObject({
      spike: 'switched off',
      crashed: 'switched off',
      'no-progress': 'switched off',
    })
  })

  test('leaves out a metric for which a rule is switched off', () => {
    const settings = new RunSettings({}, [{ metric: 'loss', detectors: { frozen: false } }], 'run')
    const checks = checksOf(seenOf({ loss: ['train_loss', 40] }), settings)
    expect(checks.find(({ rule }) => rule === 'frozen')).toEqual({ rule: 'frozen', ran: false, reason: 'switched off' })
  })

  test('sustained-rise may begin early in a log that leaves out steps', () => {
    const seen = new SeenLog()
    for (let at = 0; at < 30; at++)
      seen.sample({ metric: 'loss', role: 'train_loss', step: 100 * at, value: metricValue(1) })
    expect(reasonsIn(seen)).toMatchObject({ 'sustained-rise': null })
  })

  test('a NaN is no point of the course, and enough for non-finite', () => {
    const seen = seenOf({ loss: ['train_loss', 40] }, 'NaN')
    expect(reasonsIn(seen)).toMatchObject({ 'non-finite': null, 'worse-than-start': 'too few points: 0 of 16' })
  })

  test('zeros that may be small numbers are not enough for the rules about 0', () => {
    const seen = seenOf({ loss: ['train_loss', 40], lr: ['learning_rate', 40], grad_norm: ['grad_norm', 40] })
    for (let step = 0; step < 40; step++) seen.roundedZero({ metric: 'lr', role: 'learning_rate' })
    expect(reasonsIn(seen)).toMatchObject({
      'learning-rate-zero': 'learning rate printed with too few digits to tell 0 from a small number: 40 of 60 points',
      'bad-gradient': null,
    })
  })

  test('a gradient norm of NaN is one of those that are looked at', () => {
    const seen = seenOf({ loss: ['train_loss', 12] })
    for (let step = 0; step < 12; step++) seen.sample({ metric: 'grad_norm', role: 'grad_norm', step, value: 'NaN' })
    expect(reasonsIn(seen)).toMatchObject({ 'bad-gradient': null })
  })

  test('a rule that found something ran', () => {
    const checks = checksOf(seenOf({ loss: ['train_loss', 12] }), new RunSettings({}, [], 'run'), ['worse-than-start'])
    expect(checks).toContainEqual({ rule: 'worse-than-start', ran: true, reason: null })
  })

  test('predictions that are logits show no saturation', () => {
    const seen = new SeenLog()
    for (let batch = 0; batch < 2; batch++) seen.batch({ kind: 'logits' })
    expect(reasonsIn(seen)).toMatchObject({
      'log-zero': null,
      saturation: 'no probabilities',
      collapse: 'too few batches: 2 of 3',
    })
  })
})

describe('too few points for the course of a loss', () => {
  const fewIn = (seen: SeenLog, settings: DetectorSettings = {}) =>
    missingForCourse(seen, checksOf(seen, new RunSettings(settings, [], 'run')))

  test('are there where no rule about it could run', () => {
    expect(fewIn(seenOf({ loss: ['train_loss', 12] }))).toBe('12 points, too few to judge the course')
    expect(fewIn(seenOf({ loss: ['train_loss', 1] }))).toBe('1 point, too few to judge the course')
    expect(fewIn(seenOf({ loss: ['train_loss', 16] }))).toBeNull()
  })

  test('are not there where evaluations were judged, and more is missing where there is no loss at all', () => {
    expect(fewIn(seenOf({ loss: ['train_loss', 12], val_loss: ['val_loss', 12] }))).toBeNull()
    expect(fewIn(seenOf({ accuracy: ['accuracy', 3] }))).toBe('no loss whose course could be judged')
    expect(fewIn(seenOf({ val_loss: ['val_loss', 3] }))).toBe('3 points, too few to judge the course')
  })

  test('are not said where the rules are switched off', () => {
    const course = RULES.filter(({ judgesCourse }) => judgesCourse === true)
    const off = Object.fromEntries(course.map(({ name }) => [name, false as const]))
    expect(course.length).toBeGreaterThan(3)
    expect(fewIn(seenOf({ loss: ['train_loss', 12] }), off)).toBeNull()
  })
})
