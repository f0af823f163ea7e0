import { LINE_ENDS, TEXT } from '../src/core/kernels/layout'

/**
 * Where the lines end among the first `count` bytes of the text: at each LF, CR, backspace or NUL. Their places are left as
 * 32-bit integers from `LINE_ENDS` on; returns how many there are.
 */
export function lineEnds(count: i32): i32 {
  const lf = v128.load(LF)
  const cr = v128.load(CR)
  const backspace = v128.load(BACKSPACE)
  let out: usize = LINE_ENDS
  for (let at = 0; at < count; at += 16) {
    const bytes = v128.load(TEXT + at)
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, lf), i8x16.eq(bytes, cr)),
      v128.or(i8x16.eq(bytes, backspace), i8x16.eq(bytes, i64x2.splat(0))),
    )
    for (let found = i8x16.bitmask(ends); found !== 0; found &= found - 1) {
      const end = at + ctz(found)
      if (end >= count) break
      store<i32>(out, end)
      out += 4
    }
  }
  return <i32>(out - LINE_ENDS) >> 2
}

const LF = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16)
const CR = memory.data<u64>([0x0d0d0d0d0d0d0d0d, 0x0d0d0d0d0d0d0d0d], 16)
const BACKSPACE = memory.data<u64>([0x0808080808080808, 0x0808080808080808], 16)
