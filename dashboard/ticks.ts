import { countText } from './number-text.ts'

/** Round numbers between `min` and `max`, about `count` of them; whole ones if `whole` is set. */
export function linearTicks(min: number, max: number, count: number, whole = false): number[] {
  const span = max - min
  if (!(span > 0) || !Number.isFinite(span)) return []
  const rough = span / Math.max(1, count)
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const nice = [1, 2, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10
  const increment = whole ? Math.max(1, nice * magnitude) : nice * magnitude
  const ticks: number[] = []
  // Multiples and no running sum, and a hair of room at the ends: 0.7 / 0.1 is less than 7.
  const first = Math.ceil(min / increment - 1e-9)
  const last = Math.floor(max / increment + 1e-9)
  for (let i = first; i <= last; i++) ticks.push(Number((i * increment).toPrecision(12)))
  return ticks
}

/** Powers of ten between two positive numbers, with their 2 and 5 where there is room; plain round numbers within a decade. */
export function logTicks(min: number, max: number, count: number): number[] {
  const decades = Math.log10(max / min)
  if (decades <= 1) return linearTicks(min, max, count)
  const factors = decades * 3 <= count + 1 ? [1, 2, 5] : [1]
  const every = Math.max(1, Math.ceil(decades / count))
  const ticks: number[] = []
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.ceil(Math.log10(max)); exponent++) {
    if (exponent % every !== 0) continue
    for (const factor of factors) {
      const tick = Number(`${factor}e${exponent}`)
      if (tick >= min && tick <= max) ticks.push(tick)
    }
  }
  return ticks
}

/** A step on an axis: "800", "12.5k", "3M". */
export function stepTickText(step: number): string {
  if (step >= 1e6) return `${Number((step / 1e6).toPrecision(7))}M`
  return step >= 1e4 ? `${Number((step / 1e3).toPrecision(7))}k` : countText(step)
}
