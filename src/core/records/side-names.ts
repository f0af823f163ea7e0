import { wordSet, wordsOf } from './name-words.ts'

/** Words of a time, a rate or the machine. */
const SIDES = wordSet(
  'time times eta elapsed duration latency timestamp fps throughput speed mem memory ram vram gpu cpu util utilization percent pct',
)
/** What a name of a time, a rate, a size or a count ends with, and others may hold as well. */
const UNITS = wordSet(
  'sec secs second seconds ms min mins minute minutes hr hrs hour hours day days remaining left ips qps tps sps ups size sizes bytes ' +
    'kb mb gb tb kib mib gib temp temperature watts percentage progress count num number tokens samples examples images seen len ' +
    'length seed version patience',
)

/** Whether a name is that of a time, a rate, a size, a percentage or a count, and says nothing of how well a training goes. */
export function isSide(metric: string): boolean {
  const words = wordsOf(metric)
  return /%|\/s$/.test(metric) || UNITS.has(words.at(-1) ?? '') || words.some((word) => SIDES.has(word))
}
