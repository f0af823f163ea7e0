import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The beginning of a compiled file of Linux and most other systems, as far as it is asked for here. */
interface ElfHeader {
  readonly machine: number
  /** Where its last part ends, which is the end of the whole file. */
  readonly wholeBytes: number
  readonly sizeBytes: number
}

const HEADER_BYTES = 64
const MAGIC = 0x7f454c46
const CLASS_64 = 2
const LITTLE_ENDIAN = 1

/**
 * Why this process had better not load a compiled module, in words; null where its header speaks for it, or says nothing.
 *
 * To load one that was cut short does not fail: it ends the process with a signal.
 */
export function moduleFault(path: string, ownProgram: string): string | null {
  const header = elfHeader(path)
  if (header === null) return null
  if (header.sizeBytes < header.wholeBytes) return 'is cut short'
  const own = elfHeader(ownProgram)
  return own !== null && own.machine !== header.machine ? 'was made for another kind of machine' : null
}

/** Null where there is no such file, or one of another system. */
function elfHeader(path: string): ElfHeader | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    // Whoever loads it is told why.
    return null
  }
  try {
    const bytes = Buffer.alloc(HEADER_BYTES)
    const sizeBytes = fstatSync(file).size
    if (readSync(file, bytes, 0, HEADER_BYTES, 0) < HEADER_BYTES)
      return { machine: 0, wholeBytes: HEADER_BYTES, sizeBytes }
    if (bytes.readUInt32BE(0) !== MAGIC || bytes[5] !== LITTLE_ENDIAN) return null
    const is64 = bytes[4] === CLASS_64
    const tableAt = is64 ? Number(bytes.readBigUInt64LE(40)) : bytes.readUInt32LE(32)
    const [entryBytes, entries] = is64
      ? [bytes.readUInt16LE(58), bytes.readUInt16LE(60)]
      : [bytes.readUInt16LE(46), bytes.readUInt16LE(48)]
    return { machine: bytes.readUInt16LE(18), wholeBytes: tableAt + entryBytes * entries, sizeBytes }
  } finally {
    closeSync(file)
  }
}
