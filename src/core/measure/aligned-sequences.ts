import type { Floats } from '../kernels/float-type.ts'

/** A target with more labels than its input has frames to tell them in. */
export type LongTarget = {
  readonly row: number
  readonly length: number
  /** Pairs of equal neighbours: a blank must stand between them. */
  readonly repeats: number
  readonly frames: number
}

/** Predictions of each frame, and targets of another length: they are aligned by the loss, as in CTC, and not row by row. */
export interface Sequences {
  /** What the file holds, in one sentence. */
  readonly shapes: string
  readonly rows: number
  readonly classes: number
  readonly longTarget: LongTarget | null
}

/** Labels that stand for no class where a target ends: a blank at 0, and the marks of padding. */
const isPadding = (label: number) => label <= 0

/**
 * The target that lacks most frames; null where all have enough.
 *
 * What pads the targets is left out: labels of 0 and below, and any other that stands at the end of several rows at least twice.
 */
export function longestTarget(labels: Floats, rows: number, frames: number): LongTarget | null {
  const length = labels.length / rows
  const ends = Array.from({ length: rows }, (_, row) => labels.subarray(row * length, (row + 1) * length)).map(endOf)
  const repeated = ends.filter((end, row) => end !== null && ends.indexOf(end) !== row)
  let longest: LongTarget | null = null
  for (let row = 0; row < rows; row++) {
    const pad = repeated.includes(ends[row]!) ? ends[row]! : null
    const target = withoutEnd(labels.subarray(row * length, (row + 1) * length), pad)
    const repeats = target.filter((label, at) => at > 0 && label === target[at - 1]).length
    const lacks = target.length + repeats - frames
    if (lacks > (longest === null ? 0 : longest.length + longest.repeats - frames))
      longest = { row, length: target.length, repeats, frames }
  }
  return longest
}

/** The label that a target ends with at least twice; null where it ends otherwise. */
function endOf(target: Floats): number | null {
  const last = target.at(-1)
  return target.length > 1 && last !== undefined && target.at(-2) === last ? last : null
}

function withoutEnd(target: Floats, pad: number | null): Floats {
  let end = target.length
  while (end > 0 && (isPadding(target[end - 1]!) || target[end - 1] === pad)) end -= 1
  return target.subarray(0, end)
}
