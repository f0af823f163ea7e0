import type { Severity } from '../../protocol/alert.ts'
import { foldCourse, median, NO_COURSE, type WholeCourse } from './whole-course.ts'

/** A series as it stands now, by the median of its newest values, and what it has been over the whole run. */
export type OwnCourse = { readonly newest: readonly number[]; readonly course: WholeCourse }

/** What a series was before the newest part of the run. */
interface OwnLevel {
  readonly level: number
  /** Median absolute deviation. */
  readonly spread: number
  /** How many times the level grew over that time, from 1 to `MOST_GROWTH`. */
  readonly growth: number
  /** The mean difference between neighbours as a share of the level, for a single value. */
  readonly noiseShare: number
}

export const NO_OWN_COURSE: OwnCourse = { newest: [], course: NO_COURSE }

/** The median of so many values is where a series stands: four outliers do not move it. */
export const NEWEST_SAMPLES = 9
/** So much of the run is new, and as many values at least. */
const NEW_SHARE = 0.25
export const NEW_SAMPLES = 20
/** So many values before the new part show a level. */
export const LEVEL_SAMPLES = 20
/** What has grown goes on growing; more than so many times shows a beginning near 0 and no growth. */
const MOST_GROWTH = 2

export function foldOwnCourse({ newest, course }: OwnCourse, value: number): OwnCourse {
  return { newest: withNewest(newest, value), course: foldCourse(course, value as never) }
}

export function withNewest(newest: readonly number[], value: number): readonly number[] {
  return [...newest.slice(1 - NEWEST_SAMPLES), value]
}

/** Where a series stands now; null of too few values. */
export function standingOf(newest: readonly number[]): number | null {
  return newest.length < NEWEST_SAMPLES ? null : median(newest)
}

/** What a series was before the newest quarter of the run; null while too little of it is older. */
export function ownLevel({ count, blocks, blockSamples }: WholeCourse): OwnLevel | null {
  const older = count - Math.max(NEW_SAMPLES, NEW_SHARE * count)
  const own = blocks.slice(0, Math.max(0, Math.floor(older / blockSamples)))
  if (own.length * blockSamples < LEVEL_SAMPLES || own.length < 3) return null
  const third = Math.floor(own.length / 3)
  const [first, last, middle] = [median(own.slice(0, third)), median(own.slice(-third)), median(own)]
  const level = Math.max(middle, last)
  const spread = median(own.map((block) => Math.abs(block - middle)))
  const growth = first > 0 ? Math.max(1, Math.min(MOST_GROWTH, last / first)) : MOST_GROWTH
  const steps = own.slice(1).map((block, at) => Math.abs(block - own[at]!))
  const noiseShare = level > 0 ? (median(steps) * Math.sqrt(blockSamples)) / level : 0
  return { level, spread, growth, noiseShare }
}

/** What a series was in the first third of the run: what came later may be a part of what it has become. */
export function firstLevel(course: WholeCourse): OwnLevel | null {
  const { count, blocks, blockSamples } = course
  const first = blocks.slice(0, Math.floor(blocks.length / 3))
  if (count < LEVEL_SAMPLES + NEW_SAMPLES || first.length * blockSamples < NEWEST_SAMPLES) return null
  const level = median(first)
  return { level, spread: median(first.map((block) => Math.abs(block - level))), growth: 1, noiseShare: 0 }
}

/** A policy that has come undone is no dead process; where nothing shows that there is a policy, it is noted only. */
export function severityOfPolicy({ hasPolicy = false }: { readonly hasPolicy?: boolean }): Severity {
  return hasPolicy ? 'warning' : 'info'
}
