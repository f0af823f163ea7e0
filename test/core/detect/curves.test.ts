import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Detector } from '../../../src/core/detect/detector.ts'
import { exploding } from '../../../src/core/detect/exploding.ts'
import type { Thresholds } from '../../../src/core/detect/rule.ts'
import { spike } from '../../../src/core/detect/spike.ts'
import type { JsonValue } from '../../../src/protocol/value.ts'
import { findingsIn, lossesOf } from './observations.ts'

interface Curve {
  readonly name: string
  readonly offset: number
  readonly points: number
  readonly verdict: string
}

/** Real loss curves, kept beside the repository and not in it. */
const FOLDER = new URL('../../../../shared/curves/', import.meta.url)
const CURVES = 40
const POINTS_OF_EACH = 3000

function healthyCurves(): (readonly number[])[] {
  const index: Curve[] = JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8'))
  const { buffer, byteOffset, byteLength } = gunzipSync(readFileSync(new URL('losses.f32.gz', FOLDER)))
  const losses = new Float32Array(buffer, byteOffset, byteLength / 4)
  const healthy = index.filter(({ verdict }) => verdict === 'healthy')
  // Every so many, so that all problems and optimizers are among them.
  const chosen = Array.from({ length: CURVES }, (_, at) => healthy[Math.floor((at * healthy.length) / CURVES)]!)
  return chosen.map(({ offset, points }) => [...losses.subarray(offset, offset + Math.min(points, POINTS_OF_EACH))])
}

function alarmsIn<Params extends Thresholds, State extends JsonValue>(
  detector: Detector<string, unknown, Params, State>,
  curves: readonly (readonly number[])[],
): number {
  return curves.flatMap((values) => findingsIn(detector, lossesOf(values))).filter(({ kind }) => kind === 'raise')
    .length
}

test.skipIf(!existsSync(FOLDER))(
  'real healthy curves raise no critical alarm (skipped without ../shared/curves)',
  () => {
    const curves = healthyCurves()
    const points = curves.reduce((sum, values) => sum + values.length, 0)
    const spikes = alarmsIn(spike, curves)
    console.log(
      `spikes: ${spikes} in ${points} points of ${CURVES} healthy curves, ${(spikes / points) * 1e6} per million`,
    )
    expect(points).toBeGreaterThan(50_000)
    expect(alarmsIn(exploding, curves)).toBe(0)
    // Published rules raise 107 to 3,430 alarms per million points on curves like these.
    expect((spikes / points) * 1e6).toBeLessThan(100)
  },
)
