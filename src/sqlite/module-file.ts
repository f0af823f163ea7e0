import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The beginning of a compiled file of Linux and most other systems, as far as it is asked for here. */
interface ElfHeader {
  readonly machine: number
  /** Where its last part ends, which is the end of the whole file. */
  readonly wholeBytes: number
}

const HEADER_BYTES = 64
const MAGIC = Buffer.from('\x7fELF', 'latin1')
/** How the compiled files of Windows and macOS begin. Whoever loads one is told what is wrong with it. */
const OTHER_MAGICS = [Buffer.from('MZ'), ...['cffaedfe', 'cefaedfe', 'cafebabe'].map((hex) => Buffer.from(hex, 'hex'))]
const CLASS_64 = 2
const LITTLE_ENDIAN = 1
const VERSION = 1
/** The bytes of an entry in the table of parts, of 32-bit and 64-bit files. */
const ENTRY_BYTES = [40, 64]

/**
 * Why this process had better not load a compiled module, in words; null where its header speaks for it, or says nothing.
 *
 * To load one that was cut short does not fail: it ends the process with a signal.
 */
export function moduleFault(path: string, ownProgram: string): string | null {
  const file = headOf(path)
  // Whoever loads it is told why.
  if (file === null) return null
  const { head, sizeBytes } = file
  if (sizeBytes === 0) return 'is an empty file'
  if (OTHER_MAGICS.some((magic) => begins(head, magic))) return null
  if (!begins(head, MAGIC)) return begins(MAGIC, head) ? 'is cut short' : 'is no compiled module, by how it begins'
  if (sizeBytes < HEADER_BYTES) return 'is cut short'
  if (head[5] !== LITTLE_ENDIAN) return null
  const header = elfHeader(head)
  if (header === null) return 'is damaged'
  if (sizeBytes < header.wholeBytes) return 'is cut short'
  const own = headOf(ownProgram)
  const machine = own !== null && begins(own.head, MAGIC) ? elfHeader(own.head)?.machine : undefined
  return machine !== undefined && machine !== header.machine ? 'was made for another kind of machine' : null
}

/** Null where it holds what no such header does. */
function elfHeader(head: Buffer): ElfHeader | null {
  const is64 = head[4] === CLASS_64
  const tableAt = is64 ? Number(head.readBigUInt64LE(40)) : head.readUInt32LE(32)
  const [entryBytes, entries] = is64
    ? [head.readUInt16LE(58), head.readUInt16LE(60)]
    : [head.readUInt16LE(46), head.readUInt16LE(48)]
  if (head[6] !== VERSION || !(entries === 0 || ENTRY_BYTES.includes(entryBytes))) return null
  return { machine: head.readUInt16LE(18), wholeBytes: tableAt + entryBytes * entries }
}

function begins(bytes: Buffer, magic: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic)
}

/** The first bytes of a file, and its size; null where there is no such file, or it may not be read. */
function headOf(path: string): { readonly head: Buffer; readonly sizeBytes: number } | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return null
  }
  try {
    const bytes = Buffer.alloc(HEADER_BYTES)
    const sizeBytes = fstatSync(file).size
    return { head: bytes.subarray(0, readSync(file, bytes, 0, HEADER_BYTES, 0)), sizeBytes }
  } finally {
    closeSync(file)
  }
}
