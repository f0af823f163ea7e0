import type { Lines } from '../reading/lines.ts'
import { type Bounds, countsEpochs, type EpochCount, NO_BOUNDS, withBounds, withEpochs } from './end-counts.ts'
import { isRepeated, type Repeats, withShape } from './repeats.ts'

/** What was counted before a read. */
interface CountedBefore {
  readonly epochs: EpochCount | null
  readonly bounds?: Bounds
  readonly hasEpochs?: true
  readonly repeats?: Repeats
}

/** What lines of headings and of epochs have counted. */
export interface CountedLines {
  readonly bounds: Bounds
  readonly epochs: EpochCount | null
  /** Whether a line counts epochs, be it without saying how many there are. */
  readonly hasEpochs: boolean
}

/** The lines that repeat in a run of which no value was read. */
export interface RepeatedLines {
  readonly repeats: Repeats
  /** The last lines, oldest first: those that repeat, and count, stand for records. */
  readonly last: readonly RepeatedLine[]
  /** The newest line that stands for a record. */
  readonly newestRecord: string | undefined
}

interface RepeatedLine {
  readonly text: string
  readonly isRecord: boolean
  /** Whether no line of its shape came before. */
  readonly isNew: boolean
}

/** How many of the last lines of a read are looked at. */
export const LAST_LINES = 64

/**
 * The lines of a read, folded into what they count.
 *
 * A log of many errors asks at each of them what the lines above had counted. So a fold is kept, and goes on from where
 * it stood for the question before.
 */
export class LinesOfRead {
  readonly #before: CountedBefore
  readonly #lines: Lines
  #counted: (CountedLines & { readonly count: number; readonly headingLines: number }) | null = null
  #repeated: (RepeatedLines & { readonly count: number }) | null = null

  constructor(before: CountedBefore, lines: Lines) {
    this.#before = before
    this.#lines = lines
  }

  /** What the first lines of the read have counted, of which so many are a heading. */
  counted(count: number, headingLines: number): CountedLines {
    const { epochs: epochsBefore, bounds: boundsBefore = NO_BOUNDS, hasEpochs: hadEpochs = false } = this.#before
    const start = { bounds: boundsBefore, epochs: epochsBefore, hasEpochs: hadEpochs, count: 0, headingLines: 0 }
    const known = this.#counted
    const isOn = known !== null && known.count <= count && known.headingLines <= headingLines
    const from = isOn ? known : start
    let { bounds } = from
    for (let index = from.headingLines; index < headingLines; index++)
      bounds = withBounds(bounds, this.#lines.at(index).text)
    // A line may count epochs of which a later one says how many there are.
    const line = bounds.epochs === from.bounds.epochs ? from : start
    let { epochs, hasEpochs } = line
    for (let index = line.count; index < count; index++) {
      const { text } = this.#lines.at(index)
      epochs = withEpochs(epochs, bounds, text)
      hasEpochs ||= countsEpochs(text)
    }
    this.#counted = { bounds, epochs, hasEpochs, count, headingLines }
    return this.#counted
  }

  /** Which of the first lines of the read repeat. */
  repeated(count: number): RepeatedLines {
    const start = { repeats: this.#before.repeats ?? [], last: [], newestRecord: undefined, count: 0 }
    const from: RepeatedLines & { readonly count: number } =
      this.#repeated !== null && this.#repeated.count <= count ? this.#repeated : start
    let { repeats, newestRecord } = from
    const last = [...from.last]
    for (let index = from.count; index < count; index++) {
      const { text } = this.#lines.at(index)
      const after = withShape(repeats, text)
      const isRecord = after !== repeats && isRepeated(after)
      // The shape that a line has stands last.
      const isNew = after === repeats || !repeats.some(({ text: shape }) => shape === after.at(-1)?.text)
      repeats = after
      if (isRecord) newestRecord = text
      last.push({ text, isRecord, isNew })
      if (last.length > LAST_LINES) last.shift()
    }
    this.#repeated = { repeats, last, newestRecord, count }
    return this.#repeated
  }
}
