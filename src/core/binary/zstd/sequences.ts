import { BackwardBits, BrokenZstd } from './bits.ts'
import { constantTable, describedTable, States, type StateTable, stateTable } from './state-table.ts'

/** What is copied next: so many literals, and then so many bytes from so far back. */
export interface Sequence {
  readonly literals: number
  readonly match: number
  /** The distance of the match, or 1 to 3 for one of the last three distances. */
  readonly offset: number
}

/** The tables of a block for the lengths of literals, for offsets, and for the lengths of matches. */
export type Tables = readonly [literals: StateTable, offsets: StateTable, matches: StateTable]

interface Kind {
  readonly maxAccuracy: number
  readonly usual: StateTable
  /** How many bits of its own follow each symbol, and the value from which they count. */
  readonly extraBits: readonly number[]
  readonly bases: readonly number[]
}

const MAX_OFFSET_BITS = 31

const LITERALS = kindOf(9, 0, [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 6, [
  4,
  3,
  ...twos(11),
  1,
  1,
  1,
  ...twos(9),
  3,
  2,
  1,
  1,
  1,
  1,
  1,
  -1,
  -1,
  -1,
  -1,
])
const OFFSETS = kindOf(
  8,
  1,
  Array.from({ length: MAX_OFFSET_BITS + 1 }, (_, bits) => bits),
  5,
  [...ones(6), 2, 2, 2, ...ones(15), -1, -1, -1, -1, -1],
)
const MATCHES = kindOf(9, 3, [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 6, [
  1,
  4,
  3,
  ...twos(6),
  ...ones(37),
  -1,
  -1,
  -1,
  -1,
  -1,
  -1,
  -1,
])
const KINDS = [LITERALS, OFFSETS, MATCHES] as const

const USUAL = 0
const CONSTANT = 1
const DESCRIBED = 2

/** Reads how many sequences there are at `start`, and with which tables they are written. */
export function sequencesHead(
  block: Uint8Array,
  start: number,
  before: Tables | null,
): { readonly count: number; readonly tables: Tables | null; readonly end: number } {
  const [first = 0, second = 0, third = 0] = block.subarray(start, start + 3)
  const headBytes = first < 128 ? 1 : first < 255 ? 2 : 3
  const count = first < 128 ? first : first < 255 ? (first - 128) * 256 + second : second + third * 256 + 0x7f00
  let at = start + headBytes
  if (count === 0) return { count, tables: before, end: at }
  const modes = block[at++] ?? 0
  const tables = KINDS.map((kind, index) => {
    const mode = (modes >> (6 - 2 * index)) & 3
    if (mode === USUAL) return kind.usual
    if (mode === CONSTANT) return constantTable(block[at++] ?? 0)
    if (mode === DESCRIBED) {
      const { table, end } = describedTable(block, at, kind.maxAccuracy, kind.bases.length - 1)
      at = end
      return table
    }
    if (before === null) throw new BrokenZstd('a table that is not there')
    return before[index]!
  })
  return { count, tables: tables as unknown as Tables, end: at }
}

/** The sequences of a block, one after another. */
export function* sequencesOf(packed: Uint8Array, count: number, tables: Tables): Generator<Sequence> {
  const bits = new BackwardBits(packed)
  const [literals, offsets, matches] = tables.map((table) => new States(table, bits)) as [States, States, States]
  for (let i = 0; i < count; i++) {
    const offset = valueOf(OFFSETS, offsets, bits)
    const match = valueOf(MATCHES, matches, bits)
    yield { offset, match, literals: valueOf(LITERALS, literals, bits) }
    if (i === count - 1) break
    literals.advance()
    matches.advance()
    offsets.advance()
  }
  if (bits.left !== 0) throw new BrokenZstd('sequences of another length')
}

function valueOf({ bases, extraBits }: Kind, { symbol }: States, bits: BackwardBits): number {
  const base = bases[symbol]
  if (base === undefined) throw new BrokenZstd('a length that is unknown')
  return base + bits.read(extraBits[symbol]!)
}

function kindOf(
  maxAccuracy: number,
  least: number,
  extraBits: readonly number[],
  accuracy: number,
  counts: readonly number[],
): Kind {
  const bases: number[] = []
  let base = least
  for (const bits of extraBits) {
    bases.push(base)
    base += 2 ** bits
  }
  return { maxAccuracy, extraBits, bases, usual: stateTable(counts, accuracy) }
}

function zeros(count: number): readonly number[] {
  return new Array<number>(count).fill(0)
}

function ones(count: number): readonly number[] {
  return new Array<number>(count).fill(1)
}

function twos(count: number): readonly number[] {
  return new Array<number>(count).fill(2)
}
