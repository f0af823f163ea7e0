import { Inflate, inflateSync } from 'fflate'

/** A member unpacks to no more than this, whatever it says of itself. */
const MAX_MEMBER_BYTES = 64 * 1024 * 1024
/** More members than any dump has arrays. */
const MAX_MEMBERS = 4096
/** Deflate makes at most 1032 bytes of one; a member that says more of itself is damaged. */
const MAX_RATIO = 1032
/** So much is unpacked before it is looked at how much came of it. */
const INFLATE_STEP_BYTES = 32 * 1024

/** The longest number of an array. */
const NUMBER_BYTES = 8
/** A smaller member is copied as fast as it is moved. */
const LARGE_BYTES = 64 * 1024

/** What the list at the end of a zip file says of one of its files. */
export interface ZipMember {
  readonly name: string
  readonly isDeflated: boolean
  readonly packedBytes: number
  readonly unpackedBytes: number
  /** Where its own header is. */
  readonly offset: number
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= LOCAL_HEADER_BYTES && viewOf(bytes).getUint32(0, true) === LOCAL_HEADER
}

/** The name of the first member, from the header in front of it: the list of all is at the end of the file. */
export function firstMemberName(bytes: Uint8Array): string {
  if (!isZip(bytes)) return ''
  const length = viewOf(bytes).getUint16(26, true)
  return new TextDecoder().decode(bytes.subarray(LOCAL_HEADER_BYTES, LOCAL_HEADER_BYTES + length))
}

/** The members by the list at the end of the file; null where there is none, as in a file that is still written. */
export function zipMembers(bytes: Uint8Array): readonly ZipMember[] | null {
  const view = viewOf(bytes)
  const end = endOfList(view)
  if (end === null) return null
  const members: ZipMember[] = []
  let at = end.listOffset
  for (let i = 0; i < end.count; i++) {
    if (!(at + LIST_ENTRY_BYTES <= bytes.length) || view.getUint32(at, true) !== LIST_ENTRY) return null
    const nameBytes = view.getUint16(at + 28, true)
    const nameAt = at + LIST_ENTRY_BYTES
    members.push({
      name: new TextDecoder().decode(bytes.subarray(nameAt, nameAt + nameBytes)),
      isDeflated: view.getUint16(at + 10, true) === 8,
      packedBytes: view.getUint32(at + 20, true),
      unpackedBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    })
    at = nameAt + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return members
}

/** The bytes of a member, or what is wrong with it; no more memory is taken than it says it needs. `bytes` may be rearranged. */
export function unpack(bytes: Uint8Array, member: ZipMember): Uint8Array | string {
  const { offset, packedBytes, unpackedBytes } = member
  if (unpackedBytes > MAX_MEMBER_BYTES) return `unpacks to ${unpackedBytes} bytes, more than ${MAX_MEMBER_BYTES}`
  if (unpackedBytes > packedBytes * MAX_RATIO) return `says that it unpacks to ${unpackedBytes} bytes`
  const view = viewOf(bytes)
  if (!(offset + LOCAL_HEADER_BYTES <= bytes.length) || view.getUint32(offset, true) !== LOCAL_HEADER)
    return 'is not there'
  const start = offset + LOCAL_HEADER_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + packedBytes > bytes.length) return `ends after ${bytes.length - start} of ${packedBytes} bytes`
  const packed = bytes.subarray(start, start + packedBytes)
  if (member.isDeflated) return inflate(packed, unpackedBytes)
  return packedBytes === unpackedBytes ? aligned(packed, view, offset) : 'is packed in an unknown way'
}

/**
 * The bytes of a member where an array of numbers may begin, for which NumPy leaves no room.
 *
 * Large ones are moved by a few bytes, over the end of their header's extra field, whose length is set anew: the file
 * says the same as before. A copy would take as long as all else that is done to read them.
 */
function aligned(member: Uint8Array, file: DataView, offset: number): Uint8Array {
  const distance = member.byteOffset % NUMBER_BYTES
  const extraBytes = file.getUint16(offset + 28, true)
  if (distance === 0 || member.length < LARGE_BYTES || extraBytes < distance) return member
  const moved = new Uint8Array(member.buffer, member.byteOffset - distance, member.length)
  moved.set(member)
  file.setUint16(offset + 28, extraBytes - distance, true)
  return moved
}

function inflate(packed: Uint8Array, unpackedBytes: number): Uint8Array | string {
  // One byte more shows that a member has more than it says; what does not fit is dropped.
  const unpacked = new Uint8Array(unpackedBytes + 1)
  try {
    // Setting up steps takes longer than to unpack a small member, which cannot grow by much.
    const isSmall = packed.length <= INFLATE_STEP_BYTES
    const length = isSmall ? inflateSync(packed, { out: unpacked }).length : inflateInSteps(packed, unpacked)
    if (length === unpackedBytes) return unpacked.subarray(0, length)
  } catch {
    // The texts of fflate's errors say no more than the line below.
  }
  return `does not unpack to the ${unpackedBytes} bytes that it says`
}

/** How many bytes came of it, until there were more than `unpacked` has room for. */
function inflateInSteps(packed: Uint8Array, unpacked: Uint8Array): number {
  let length = 0
  const inflater = new Inflate((chunk) => {
    if (length + chunk.length <= unpacked.length) unpacked.set(chunk, length)
    length += chunk.length
  })
  for (let at = 0; at < packed.length && length <= unpacked.length; at += INFLATE_STEP_BYTES) {
    const to = at + INFLATE_STEP_BYTES
    inflater.push(packed.subarray(at, to), to >= packed.length)
  }
  return length
}

interface ListEnd {
  readonly count: number
  readonly listOffset: number
}

/** Finds the record that ends the file; a comment of up to 64 KiB may follow it. */
function endOfList(view: DataView): ListEnd | null {
  const last = view.byteLength - LIST_END_BYTES
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) !== LIST_END) continue
    const count = view.getUint16(at + 10, true)
    return count > MAX_MEMBERS ? null : { count, listOffset: view.getUint32(at + 16, true) }
  }
  return null
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const LOCAL_HEADER = 0x04034b50
const LOCAL_HEADER_BYTES = 30
const LIST_ENTRY = 0x02014b50
const LIST_ENTRY_BYTES = 46
const LIST_END = 0x06054b50
const LIST_END_BYTES = 22
