// Number types by their bits: an implementation of its own, so that the benchmark does not ask nanwatch what is right.
const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** Each type: how a number is rounded to it, and the limits at which it fails. */
export const TYPES = {
  float64: { round: (x) => x, sureLogit: 38, zeroLogit: 760, expLimit: 720 },
  float32: { round: Math.fround, sureLogit: 18, zeroLogit: 110, expLimit: 92 },
  float16: { round: half, sureLogit: 9, zeroLogit: 19, expLimit: 11.6 },
  bfloat16: { round: brain, sureLogit: 7, zeroLogit: 98, expLimit: 92 },
}

function brain(x) {
  single[0] = x
  if (!Number.isFinite(x)) return x
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) & 0xffff0000
  return single[0]
}

function half(x) {
  if (!Number.isFinite(x) || x === 0) return x
  const size = Math.abs(x)
  if (size >= 65520) return Math.sign(x) * Infinity
  const unit = 2 ** Math.max(Math.floor(Math.log2(size)) - 10, -24)
  const low = Math.floor(size / unit)
  const rest = size / unit - low
  const up = rest > 0.5 || (rest === 0.5 && low % 2 === 1)
  return Math.sign(x) * (low + (up ? 1 : 0)) * unit
}
