import type { Scene } from './scene.ts'

/** One behaviour that a follower of files is tested for elsewhere, as it holds here. */
export interface PortedCase {
  /** What holds, as a sentence. */
  readonly name: string
  /** Where the behaviour comes from: a test of another follower by its name, or a complaint about one by its number. */
  readonly origins: readonly string[]
  /** What happens to the files. */
  readonly play: (scene: Scene) => Promise<void>
  /** The numbers of the lines that each file has given in the end, in order. A file that gave none is left out. */
  readonly lines: Readonly<Record<string, readonly number[]>>
  /** How often it was told that something could not be read; never unless given. */
  readonly gaps?: number
  /** How many lines were told of as unreadable; none unless given. */
  readonly rejects?: number
  /** What is followed, below the folder of the scene: `runs` unless given. */
  readonly roots?: readonly string[]
  readonly exclude?: readonly string[]
  /** True where the files come first and the daemon is started by `play`. */
  readonly startsStopped?: boolean
}

/** The whole numbers from `first` to `last`. */
export function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** Line `number` of a log. */
export function line(number: number): string {
  return `{"step": ${number}, "loss": ${number}}\n`
}
