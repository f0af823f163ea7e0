import { TEXT } from '../src/core/kernels/layout'

/** Whether none of the first `count` bytes of the text is above 127; it may be followed by anything but such a byte. */
export function isAscii(count: i32): bool {
  let all = i64x2.splat(0)
  for (let at: usize = TEXT; at < <usize>(TEXT + count); at += 16) all = v128.or(all, v128.load(at))
  return i8x16.bitmask(all) === 0
}
