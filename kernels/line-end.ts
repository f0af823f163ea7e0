import { TEXT } from '../src/core/kernels/layout'

/** Where the first line end is among the first `count` bytes of the text: LF, CR, backspace or NUL; `count` if nowhere. */
export function lineEnd(count: i32): i32 {
  const lf = v128.load(LF)
  const cr = v128.load(CR)
  const backspace = v128.load(BACKSPACE)
  for (let at = 0; at < count; at += 16) {
    const bytes = v128.load(TEXT + at)
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, lf), i8x16.eq(bytes, cr)),
      v128.or(i8x16.eq(bytes, backspace), i8x16.eq(bytes, i64x2.splat(0))),
    )
    const found = i8x16.bitmask(ends)
    if (found !== 0) return min<i32>(at + ctz(found), count)
  }
  return count
}

const LF = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16)
const CR = memory.data<u64>([0x0d0d0d0d0d0d0d0d, 0x0d0d0d0d0d0d0d0d], 16)
const BACKSPACE = memory.data<u64>([0x0808080808080808, 0x0808080808080808], 16)
