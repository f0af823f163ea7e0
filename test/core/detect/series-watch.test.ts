import { expect, test } from 'vitest'
import { Watch } from '../../../src/core/detect/series-watch.ts'
import { noisyFall } from './noise.ts'
import { lossesOf, seenSample } from './observations.ts'

const SEEN = lossesOf([...noisyFall(200), 5, ...noisyFall(30)])

function rulesIn(watch: Watch, seen = SEEN): string[] {
  return seen.flatMap((one) => watch.observe(one)).map(({ kind, rule }) => `${kind} ${rule}`)
}

test('a watch that goes on from saved states finds what an unbroken one does', () => {
  const whole = new Watch({}, {})
  const first = new Watch({}, {})
  const before = rulesIn(first, SEEN.slice(0, 201))
  const after = rulesIn(new Watch(first.states, {}), SEEN.slice(201))
  expect([...before, ...after]).toEqual(rulesIn(whole))
  expect(before).toContain('raise spike')
})

test('the states that it began with do not change', () => {
  const watch = new Watch({}, {})
  rulesIn(watch)
  const saved = watch.states
  const copy = structuredClone(saved)
  new Watch(saved, {}).observe(seenSample(1e9))
  expect(saved).toEqual(copy)
})

test('a rule that is switched off sees nothing, and an override changes its threshold', () => {
  expect(rulesIn(new Watch({}, { spike: false }))).not.toContain('raise spike')
  expect(rulesIn(new Watch({}, { spike: { ratio: 100 } }))).not.toContain('raise spike')
})

test('a saved state of another version is dropped', () => {
  const watch = new Watch({ spike: { version: 0, state: 'what it was' } }, {})
  expect(rulesIn(watch)).toContain('raise spike')
})
