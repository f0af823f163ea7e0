import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches, onTop, RunSettings } from '../../../src/core/detect/overrides.ts'

test('a pattern takes * for any characters and ? for one', () => {
  const cases: readonly (readonly [string | undefined, string, boolean])[] = [
    [undefined, 'anything', true],
    ['exp7', 'exp7', true],
    ['exp7', 'exp77', false],
    ['exp*', 'exp7/train.log', true],
    ['*/train.log', 'exp7/train.log', true],
    ['exp?', 'exp7', true],
    ['exp?', 'exp', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['', '', true],
    ['*', '', true],
  ]
  for (const [pattern, name, fits] of cases)
    expect([pattern, name, matches(pattern, name)]).toEqual([pattern, name, fits])
})

test('a pattern matches what its pieces were put together from', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/') })), fc.string(), (pieces, between) => {
      expect(matches(pieces.join('*'), pieces.join(between.replace(/[*?]/g, '')))).toBe(true)
    }),
  )
})

test('settings are put on top of each other key by key, and false switches a rule off', () => {
  expect(onTop({ spike: { z: 6, ratio: 2 } }, { spike: { z: 7 } })).toEqual({ spike: { z: 7, ratio: 2 } })
  expect(onTop({ spike: { z: 6 } }, { spike: false })).toEqual({ spike: false })
  expect(onTop({ spike: false }, { spike: { z: 7 } })).toEqual({ spike: { z: 7 } })
})

test('an override is for the runs and metrics that it names, and the last that fits prevails', () => {
  const overrides = [
    { run: 'exp*', detectors: { spike: { z: 7 } } },
    { metric: 'kl*', detectors: { spike: { z: 9 } } },
    { run: 'exp7', metric: 'kl', detectors: { spike: false } },
  ] as const
  const of = (run: string, metric: string) => new RunSettings({ spike: { ratio: 2 } }, overrides, run).of(metric)
  expect(of('other', 'loss')).toEqual({ spike: { ratio: 2 } })
  expect(of('exp8', 'loss')).toEqual({ spike: { ratio: 2, z: 7 } })
  expect(of('exp8', 'kl')).toEqual({ spike: { ratio: 2, z: 9 } })
  expect(of('exp7', 'kl')).toEqual({ spike: false })
  expect(new RunSettings({}, overrides, 'exp7').ofRun).toEqual({ spike: { z: 7 } })
})
