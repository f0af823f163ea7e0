import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
// @ts-expect-error: a program of the benchmarks, which has no types.
import { CONSTRUCTED } from '../../bench/first-to-fall/constructed.mjs'
import { WatchedRun } from '../core/pipeline/watched-run.ts'

/** A job of several ranks that died of one: the text of each of its files, and the ranks of which any may be named first. */
export interface RankIncident {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly first: readonly number[]
}

const FIXTURES = fileURLToPath(new URL('../fixtures/first-to-fall', import.meta.url))

/** The incidents that real launchers have written. The name of each folder ends with the rank that fell first. */
export const RECORDED: readonly RankIncident[] = readdirSync(FIXTURES)
  .sort()
  .map((name) => ({
    name,
    first: [Number(name.slice(name.lastIndexOf('-r') + 2))],
    files: Object.fromEntries(
      readdirSync(`${FIXTURES}/${name}`).map((file) => [file, readFileSync(`${FIXTURES}/${name}/${file}`, 'utf8')]),
    ),
  }))

export const INCIDENTS: readonly RankIncident[] = [...(CONSTRUCTED as readonly RankIncident[]), ...RECORDED]

/** Ways to read the files of a run. Each gives the reads as `[file, how many of its characters are there by then]`. */
export const ORDERS: Readonly<Record<string, (files: RankIncident['files']) => (readonly [string, number])[]>> = {
  'one file after the other': (files) => Object.entries(files).map(([file, text]) => [file, text.length]),
  'the last file first': (files) =>
    Object.entries(files)
      .map(([file, text]) => [file, text.length] as const)
      .reverse(),
  'in turns of a few lines': (files) => inTurns(files, 700),
  'in long turns, the last file first': (files) => inTurns(Object.fromEntries(Object.entries(files).reverse()), 2300),
}

function inTurns(files: RankIncident['files'], chars: number): (readonly [string, number])[] {
  const longest = Math.max(...Object.values(files).map(({ length }) => length))
  const turns = Array.from({ length: Math.ceil(longest / chars) }, (_, turn) => (turn + 1) * chars)
  return turns.flatMap((until) =>
    Object.entries(files)
      .filter(([, { length }]) => length > until - chars)
      .map(([file, { length }]) => [file, Math.min(until, length)] as const),
  )
}

/** The run after all was read. */
export function readAll(files: RankIncident['files'], reads: readonly (readonly [string, number])[]): WatchedRun {
  const run = new WatchedRun()
  for (const [file, length] of reads) run.read(file, files[file]!.slice(0, length))
  for (const [file] of new Map(reads)) run.read(file, files[file]!, true)
  return run
}

/** The ranks that a headline names as the first to fall. */
export function namedFirst(headline: string): readonly number[] {
  const ranks = /ranks? ([\d, and]+) fell first/.exec(headline)?.[1]
  return (ranks?.match(/\d+/g) ?? []).map(Number)
}
