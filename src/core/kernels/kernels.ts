import {
  LINE_ENDS,
  MOST_SPANS,
  NUMBERS,
  NUMBERS_END,
  RESULTS,
  ROWS,
  SHAPE,
  SHAPE_BYTES,
  SPANS,
  TEXT,
  TEXT_BYTES,
} from './layout.ts'
import { writeTables } from './tables.ts'
import { WASM_BASE64 } from './wasm.ts'

/** What `kernels/index.ts` exports; its files say what each does. All arguments but `shift`, totals, `epsilon` and `tiny` are whole. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readNumbers(start: number, startEnd: number, end: number): number
  isAscii(count: number): number
  lineEnds(count: number): number
  matchLines(count: number, base: number): number
  valueEnd(start: number, count: number): number
  inspect(source: number, isSingle: boolean, p: number, count: number): number
  exponentials(p: number, logP: number, count: number, shift: number, others: number): number
  normalise(p: number, logP: number, count: number, total: number, logTotal: number): void
  sumProbabilities(
    p: number,
    weights: number,
    classSums: number,
    count: number,
    epsilon: number,
    tiny: number,
    others: number,
  ): number
  sumLogs(
    p: number,
    logP: number,
    weights: number,
    classSums: number,
    count: number,
    epsilon: number,
    tiny: number,
    others: number,
  ): number
}

/** The part of the global of this name that is used; the types of ECMAScript do not have it. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module)
    readonly exports: object
  }
}

const PAGE_BYTES = 64 * 1024
/** What is taken beyond this is given back once less will do. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

const MODULE = new WebAssembly.Module(Uint8Array.from(atob(WASM_BASE64), (char) => char.charCodeAt(0)))

/**
 * The loops over millions of numbers, as WebAssembly, with the memory that they work in.
 *
 * There is one memory for all: an array in it is good until the next call of
 * `reserve`, and what lies in it until someone else puts something there.
 */
class Kernels {
  call!: KernelExports
  /** What a kernel returned beside its result. */
  results!: Float64Array
  /** A part of a text, to be searched for numbers. */
  text!: Uint8Array
  /** The numbers that were found in it. */
  numbers!: Float64Array
  /** The places of its line ends; they stand where the numbers do. */
  lineEnds!: Int32Array
  /** Where lines begin and end that are matched with a shape. */
  spans!: Int32Array
  shape!: Uint8Array

  constructor() {
    this.#start()
  }

  /** The memory, once it has so many bytes for the arrays of a row. */
  reserve(rowBytes: number): ArrayBuffer {
    const missing = ROWS + rowBytes - this.call.memory.buffer.byteLength
    if (missing < -MAX_KEPT_BYTES) {
      this.#start()
      return this.reserve(rowBytes)
    }
    if (missing > 0) {
      this.call.memory.grow(Math.ceil(missing / PAGE_BYTES))
      this.#createViews()
    }
    return this.call.memory.buffer
  }

  #start(): void {
    this.call = new WebAssembly.Instance(MODULE).exports as KernelExports
    this.#createViews()
    writeTables(this.call.memory.buffer)
  }

  /** Makes the views on the memory anew: growing it has detached the old ones. */
  #createViews(): void {
    const { buffer } = this.call.memory
    this.results = new Float64Array(buffer, RESULTS, 5)
    this.text = new Uint8Array(buffer, TEXT, TEXT_BYTES + 32)
    this.numbers = new Float64Array(buffer, NUMBERS, (NUMBERS_END - NUMBERS) / 8)
    this.lineEnds = new Int32Array(buffer, LINE_ENDS, TEXT_BYTES)
    this.spans = new Int32Array(buffer, SPANS, 2 * MOST_SPANS)
    this.shape = new Uint8Array(buffer, SHAPE, SHAPE_BYTES)
  }
}

export const kernels = new Kernels()
