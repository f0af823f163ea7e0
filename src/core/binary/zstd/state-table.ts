import { type BackwardBits, BrokenZstd, log2 } from './bits.ts'

/** A table of finite state entropy: what each state stands for, and how the next one is found. */
export interface StateTable {
  readonly accuracy: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

/** A table as a block describes it, and the byte behind the description. */
export interface DescribedTable {
  readonly table: StateTable
  readonly end: number
}

/** A symbol of less than one state in all has one, at the end of the table. */
const BELOW_ONE = -1

/** Lays out the states of symbols that are as frequent as `counts` says; together they fill the table. */
export function stateTable(counts: readonly number[], accuracy: number): StateTable {
  const size = 1 << accuracy
  const symbols = new Uint8Array(size)
  let high = size
  for (const [symbol, count] of counts.entries()) if (count === BELOW_ONE) symbols[--high] = symbol
  const step = (size >> 1) + (size >> 3) + 3
  let at = 0
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      symbols[at] = symbol
      do at = (at + step) & (size - 1)
      while (at >= high)
    }
  }
  const next = counts.map(Math.abs)
  const bits = new Uint8Array(size)
  const bases = new Uint16Array(size)
  for (let state = 0; state < size; state++) {
    const number = next[symbols[state]!]!++
    bits[state] = accuracy - log2(number)
    bases[state] = (number << bits[state]!) - size
  }
  return { accuracy, symbols, bits, bases }
}

/** A table whose only state stands for one symbol. */
export function constantTable(symbol: number): StateTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}

/** Reads the description of a table of at most `maxSymbol` from `start` on. */
export function describedTable(
  bytes: Uint8Array,
  start: number,
  maxAccuracy: number,
  maxSymbol: number,
): DescribedTable {
  let bit = start * 8
  const peek = (count: number) => {
    const at = bit >> 3
    const three = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    return (three >> (bit & 7)) & ((1 << count) - 1)
  }
  const accuracy = peek(4) + 5
  bit += 4
  if (accuracy > maxAccuracy) throw new BrokenZstd('a table that is too large')
  const counts: number[] = []
  let left = 1 << accuracy
  while (left > 0 && counts.length <= maxSymbol) {
    // The numbers that are possible take one bit less where they are small.
    const width = log2(left + 1) + 1
    const short = (1 << (width - 1)) - 1
    const spare = (1 << width) - 2 - left
    const raw = peek(width)
    const isShort = (raw & short) < spare
    bit += isShort ? width - 1 : width
    const count = (isShort ? raw & short : raw > short ? raw - spare : raw) - 1
    left -= Math.abs(count)
    counts.push(count)
    for (let zeros = count === 0 ? 3 : 0; zeros === 3; ) {
      zeros = peek(2)
      bit += 2
      for (let i = 0; i < zeros; i++) counts.push(0)
    }
  }
  const end = (bit + 7) >> 3
  if (left !== 0 || counts.length > maxSymbol + 1 || end > bytes.length) throw new BrokenZstd('a broken table')
  return { table: stateTable(counts, accuracy), end }
}

/** A walk through the states of a table, from symbol to symbol. */
export class States {
  readonly #table: StateTable
  readonly #bits: BackwardBits
  #state: number

  constructor(table: StateTable, bits: BackwardBits) {
    this.#table = table
    this.#bits = bits
    this.#state = bits.read(table.accuracy)
  }

  get symbol(): number {
    return this.#table.symbols[this.#state]!
  }

  advance(): void {
    const { bits, bases } = this.#table
    this.#state = bases[this.#state]! + this.#bits.read(bits[this.#state]!)
  }
}
