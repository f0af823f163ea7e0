import type { MetricValue } from './value.ts'

/** One line of a chart, by ascending x. No y is below 0; one that is not finite is shown as such and not left out. */
export interface LessonLine {
  readonly name: string
  readonly x: readonly number[]
  readonly y: readonly MetricValue[]
}

/** One cell of a table: words, or a number that the reader's side formats. */
export type LessonCell = { readonly text: string } | { readonly value: MetricValue }

export type LessonBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'formula'; readonly lines: readonly string[] }
  /** A table of numbers that hold for everybody, or, where `isOwn`, of the batch that the lesson speaks of. */
  | {
      readonly kind: 'table'
      readonly title: string
      readonly isOwn: boolean
      readonly head: readonly string[]
      readonly rows: readonly (readonly LessonCell[])[]
    }
  | {
      readonly kind: 'chart'
      readonly title: string
      readonly xName: string
      readonly yName: string
      readonly lines: readonly LessonLine[]
    }

/** Where the numbers of a lesson come from: a batch of a run, or one of the demo's own training. */
export interface LessonSource {
  readonly kind: 'run' | 'demo'
  readonly run: string
  readonly step: number | null
}

export interface LessonTopic {
  /** What the command line and the page's address call it. */
  readonly topic: string
  readonly title: string
  /** What is to be learned, in one sentence. */
  readonly claim: string
}

/** GET /api/learn/TOPIC?run=…&step=…: without a run, the newest one that has batches, or else the demo. */
export interface Lesson extends LessonTopic {
  readonly source: LessonSource
  readonly blocks: readonly LessonBlock[]
}

/** GET /api/learn: every topic, in the order in which they build on each other. */
export interface TopicsAnswer {
  readonly topics: readonly LessonTopic[]
  /** Names of the runs that have batches, newest activity first. */
  readonly runs: readonly string[]
}
