import { BackwardBits, BrokenZstd, log2 } from './bits.ts'
import { describedTable, States } from './state-table.ts'

/** A Huffman code, by the longest code that the next bits may be. */
export interface Huffman {
  readonly maxBits: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
}

/** The literals of a block, the byte behind them, and the code that a later block may use again. */
export interface Literals {
  readonly bytes: Uint8Array
  readonly end: number
  readonly huffman: Huffman | null
}

const MAX_BITS = 11
const MAX_WEIGHT_ACCURACY = 6
const RAW = 0
const REPEATED = 1
const TREELESS = 3

/** Reads the literals with which a block begins. */
export function literalsOf(block: Uint8Array, before: Huffman | null): Literals {
  const first = block[0] ?? 0
  const type = first & 3
  const format = (first >> 2) & 3
  if (type === RAW || type === REPEATED) {
    const headBytes = format === 1 ? 2 : format === 3 ? 3 : 1
    const size = Math.floor(littleEndian(block, 0, headBytes) / (headBytes === 1 ? 8 : 16))
    const end = headBytes + (type === RAW ? size : 1)
    if (end > block.length) throw new BrokenZstd('literals that are cut off')
    const bytes = type === RAW ? block.subarray(headBytes, end) : new Uint8Array(size).fill(block[headBytes]!)
    return { bytes, end, huffman: before }
  }
  const headBytes = format < 2 ? 3 : format + 2
  const sizeBits = format < 2 ? 10 : format === 2 ? 14 : 18
  const head = Math.floor(littleEndian(block, 0, headBytes) / 16)
  const size = head % 2 ** sizeBits
  const end = headBytes + Math.floor(head / 2 ** sizeBits)
  if (end > block.length) throw new BrokenZstd('literals that are cut off')
  const described =
    type === TREELESS ? { huffman: before, start: headBytes } : huffmanAt(block.subarray(0, end), headBytes)
  const { huffman, start } = described
  if (huffman === null) throw new BrokenZstd('literals without their code')
  const bytes = new Uint8Array(size)
  const packed = block.subarray(start, end)
  if (format === 0) decode(packed, bytes, huffman)
  else decodeFour(packed, bytes, huffman)
  return { bytes, end, huffman }
}

function decodeFour(packed: Uint8Array, into: Uint8Array, huffman: Huffman): void {
  const quarter = (into.length + 3) >> 2
  let at = 6
  for (let i = 0; i < 4; i++) {
    const end = i === 3 ? packed.length : at + littleEndian(packed, 2 * i, 2)
    if (end > packed.length || quarter * 3 > into.length) throw new BrokenZstd('literals that are cut off')
    decode(packed.subarray(at, end), into.subarray(i * quarter, i === 3 ? into.length : (i + 1) * quarter), huffman)
    at = end
  }
}

function decode(packed: Uint8Array, into: Uint8Array, { maxBits, symbols, bits }: Huffman): void {
  const source = new BackwardBits(packed)
  for (let i = 0; i < into.length; i++) {
    const code = source.peek(maxBits)
    into[i] = symbols[code]!
    source.left -= bits[code]!
  }
  if (source.left !== 0) throw new BrokenZstd('literals of another length')
}

function huffmanAt(bytes: Uint8Array, start: number): { readonly huffman: Huffman; readonly start: number } {
  const head = bytes[start] ?? 0
  const isPlain = head >= 128
  const end = start + 1 + (isPlain ? (head - 126) >> 1 : head)
  if (end > bytes.length) throw new BrokenZstd('a code that is cut off')
  const weights = isPlain
    ? Array.from({ length: head - 127 }, (_, i) => (bytes[start + 1 + (i >> 1)]! >> (i % 2 === 0 ? 4 : 0)) & 15)
    : packedWeights(bytes.subarray(start + 1, end))
  return { huffman: huffmanOf(weights), start: end }
}

/** Two walks through one table take turns, until the bits are used up. */
function packedWeights(bytes: Uint8Array): readonly number[] {
  const { table, end } = describedTable(bytes, 0, MAX_WEIGHT_ACCURACY, MAX_BITS + 1)
  const bits = new BackwardBits(bytes.subarray(end))
  let walk = new States(table, bits)
  let other = new States(table, bits)
  const weights: number[] = []
  while (weights.length < 255) {
    weights.push(walk.symbol)
    walk.advance()
    if (bits.left < 0) return [...weights, other.symbol]
    ;[walk, other] = [other, walk]
  }
  throw new BrokenZstd('a code of too many symbols')
}

/** The code in which a symbol of weight w has so many bits less than the longest; the last weight follows from the rest. */
function huffmanOf(stated: readonly number[]): Huffman {
  const sum = stated.reduce((all, weight) => all + (weight === 0 ? 0 : 2 ** (weight - 1)), 0)
  const maxBits = log2(sum) + 1
  const rest = 2 ** maxBits - sum
  if (sum === 0 || maxBits > MAX_BITS || rest !== 2 ** log2(rest)) throw new BrokenZstd('a code with gaps')
  const weights = [...stated, log2(rest) + 1]
  const symbols = new Uint8Array(2 ** maxBits)
  const bits = new Uint8Array(2 ** maxBits)
  let at = 0
  for (let weight = 1; weight <= maxBits; weight++) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue
      const end = at + 2 ** (weight - 1)
      symbols.fill(symbol, at, end)
      bits.fill(maxBits + 1 - weight, at, end)
      at = end
    }
  }
  return { maxBits, symbols, bits }
}

function littleEndian(bytes: Uint8Array, from: number, count: number): number {
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[from + i] ?? 0)
  return value
}
