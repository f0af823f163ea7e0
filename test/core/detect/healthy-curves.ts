import { curve, noise, noisyFall } from './noise.ts'

/** Losses on which no detector has anything to say. */
export const HEALTHY_CURVES: readonly { readonly name: string; readonly values: readonly number[] }[] = [
  { name: 'a smooth fall', values: curve(3000, (index) => 2.3 / (1 + index / 50)) },
  { name: 'a fast fall', values: curve(500, (index) => 1e6 * 0.9 ** index) },
  { name: 'a noisy fall', values: noisyFall(3000) },
  { name: 'a very noisy fall', values: noisyFall(3000, 2, 0.25) },
  { name: 'noise around a plateau', values: withNoise(3000, 3, (normal) => 0.69 + 0.02 * normal) },
  { name: 'a constant', values: curve(1000, () => Math.LN2) },
  { name: 'a constant of 0', values: curve(1000, () => 0) },
  { name: 'steps down', values: curve(1000, (index) => 4 / 2 ** Math.floor(index / 100)) },
  { name: 'a loss that goes to 0', values: curve(2000, (index) => 2.3 * 0.99 ** index) },
  {
    name: 'noise of many magnitudes near zero',
    values: withNoise(3000, 4, (normal, index) => (index < 200 ? 2.3 * 0.97 ** index : 1e-4 * Math.exp(normal))),
  },
  { name: 'a negative loss', values: withNoise(3000, 5, (normal, index) => -index / 100 + 0.3 * normal) },
  { name: 'a loss that crosses zero', values: withNoise(3000, 6, (normal, index) => 3 - index / 300 + 0.2 * normal) },
  { name: 'a loss that is mostly negative', values: withNoise(5000, 7, (normal) => -1 + 0.5 * normal) },
  { name: 'a loss around zero', values: withNoise(5000, 8, (normal) => 0.01 * normal) },
  {
    name: 'a loss that rounding takes below zero',
    values: withNoise(2000, 9, (normal, index) => 2.3 * 0.98 ** index + 1e-9 * normal),
  },
  { name: 'an early hump', values: hump(3000, 10) },
  { name: 'a sharp hump in the first steps', values: [2.3, 4, 8, 14, 18, 12, 6, 3, ...noisyFall(1000, 15)] },
  { name: 'a slow rise', values: withNoise(3000, 11, (normal, index) => 1 + index / 6000 + 0.02 * normal) },
  { name: 'zeros before the first value', values: [...curve(100, () => 0), ...noisyFall(1000, 12)] },
  { name: 'a huge loss', values: noisyFall(1000, 13).map((value) => value * 1e300) },
  { name: 'a tiny loss', values: noisyFall(1000, 14).map((value) => value * 1e-300) },
]

function withNoise(count: number, seed: number, at: (normal: number, index: number) => number): number[] {
  const normal = noise(seed)
  return curve(count, (index) => at(normal(), index))
}

/** Rises to twice its beginning within the first hundred steps, as under a warm-up, and then falls. */
function hump(count: number, seed: number): number[] {
  return withNoise(count, seed, (normal, index) => {
    const rise = 1 + Math.exp(-(((index - 40) / 20) ** 2))
    return (2.3 / (1 + index / 400)) * rise * (1 + 0.03 * normal)
  })
}
