import { expect } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { lineCapBytes } from '../../../src/core/formats/reader.ts'
import { type Advance, advance } from '../../../src/core/pipeline/advance.ts'
import type { PlacedSample } from '../../../src/core/pipeline/commit.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import type { Read, Rules } from '../../../src/core/pipeline/read.ts'
import { cutLines } from '../../../src/core/reading/cut.ts'
import { type FileState, NEW_FILE, newLife } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY, type RunMemory } from '../../../src/core/state/run-memory.ts'
import type { Alert } from '../../../src/protocol/alert.ts'
import { decodeJson, encodeJson } from '../../../src/protocol/json.ts'
import { utf8 } from '../reading/bytes.ts'

export const RULES: Rules = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }

interface FollowedLog {
  readonly state: FileState
  readonly next: number
  readonly inLongLine: boolean
}

/** One run whose files are read in pieces, its states saved between the reads as the store saves them. */
export class WatchedRun {
  memory: RunMemory = EMPTY_MEMORY
  /** What a daemon sees beside the logs. */
  seen: Pick<Read, 'writtenMs' | 'writerBeganMs' | 'isOfHolder' | 'isHeld' | 'isOfSameProcess'> = {}
  readonly #files = new Map<string, FollowedLog>()
  readonly #reads: Advance[] = []
  #rules: Rules
  readonly #backfillUntil: number

  constructor(rules: Partial<Rules> = {}, backfillUntil = 0) {
    this.#rules = { ...RULES, ...rules }
    this.#backfillUntil = backfillUntil
  }

  /** Goes on by other rules. */
  under(rules: Partial<Rules>): this {
    this.#rules = { ...RULES, ...rules }
    return this
  }

  /** Reads a file on, of which this is all that is there by now. */
  read(file: string, written: string | Uint8Array, isFinal = false): this {
    const before = this.#files.get(file) ?? { state: NEW_FILE, next: 0, inLongLine: false }
    const bytes = (typeof written === 'string' ? utf8(written) : written).subarray(before.next)
    const { next: base, inLongLine } = before
    const cut = cutLines({
      bytes,
      encoding: 'utf-8',
      base,
      inLongLine,
      capBytes: lineCapBytes(before.state.reader, this.#rules.formats),
      isFinal,
    })
    const content = { ...NO_LINES, lines: cut.lines, longLines: cut.longLines }
    const read = {
      run: 'exp7',
      file,
      content,
      isFinal,
      backfillUntil: this.#backfillUntil,
      nowIso: 'now',
      ...this.seen,
    }
    const outcome = advance(read, before.state, this.memory, this.#rules)
    this.#reads.push(outcome)
    this.memory = decodeJson(encodeJson(outcome.memory))
    this.#files.set(file, { ...cut, state: decodeJson(encodeJson(outcome.file)) })
    return this
  }

  /** A file is begun anew. */
  empty(file: string): this {
    const { state } = this.#files.get(file)!
    this.#files.set(file, { state: newLife(state), next: 0, inLongLine: false })
    return this
  }

  get samples(): readonly PlacedSample[] {
    const samples = this.#reads.flatMap((read) => [...read.samples])
    const moves = this.#reads.flatMap((read) => read.moves)
    return samples.map((sample) => {
      const move = moves.find(({ metric, ordinal }) => metric === sample.metric && ordinal === sample.ordinal)
      return move === undefined ? sample : { ...sample, attempt: move.attempt }
    })
  }

  get batches(): Advance['batches'] {
    return this.#reads.flatMap((read) => read.batches)
  }

  get rejects(): Advance['rejects'] {
    return this.#reads.flatMap((read) => read.rejects)
  }

  get transitions(): Advance['transitions'] {
    return this.#reads.flatMap((read) => read.transitions)
  }

  /** Each alert as it stands at last. */
  get alerts(): Alert[] {
    return [...new Map(this.transitions.map(({ alert }) => [alert.id, alert])).values()]
  }

  /** The alert that a rule gave its headline, or else what that rule saw as a part of one. */
  alert(rule: Alert['rule']): Alert {
    const found = this.alerts.filter((alert) => alert.rule === rule)
    const whole = found.filter(({ partOf }) => partOf === null)
    expect(whole.length === 0 ? found : whole).toHaveLength(1)
    return whole[0] ?? found[0]!
  }

  /** Everything that reading has come to. */
  get history(): object {
    const { samples, batches, transitions, memory } = this
    const rejects = [...this.rejects].sort((a, b) => a.offset - b.offset)
    return {
      samples,
      batches,
      rejects,
      transitions,
      memory,
      files: [...this.#files.values()].map(({ state }) => state),
    }
  }
}

export function jsonLines(...records: readonly object[]): string {
  // As Python writes them.
  return records.map((record) => `${encodeJson(record).replace(/"(NaN|-?Infinity)"/g, '$1')}\n`).join('')
}
