import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const LANGUAGE = /wmt|nanogpt|char_rnn/

/** Every curve of one parity in `folder/index.json`, as its float32 losses and what is known of it. */
export function loadCurves(folder, parity) {
  const files = ['index.json', 'losses.f32.gz'].map((name) => join(folder, name))
  const missing = files.filter((file) => !existsSync(file))
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: not found; the folder of the curves is an argument`)
  const index = JSON.parse(readFileSync(files[0], 'utf8'))
  const { buffer, byteOffset, byteLength } = gunzipSync(readFileSync(files[1]))
  const all = new Float32Array(buffer, byteOffset, byteLength / 4)
  return index
    .filter((_, at) => at % 2 === parity)
    .map((curve) => {
      const losses = all.subarray(curve.offset, curve.offset + curve.points)
      return { ...curve, losses, isNearZero: isNearZero(losses), isLanguage: LANGUAGE.test(curve.problem) }
    })
}

/** Whether a tenth of its losses are below a hundredth of its first ones: jumps of many times are usual there. */
function isNearZero(losses) {
  const first = median(losses.subarray(0, 20))
  let small = 0
  for (const loss of losses) if (loss < 0.01 * first) small++
  return small >= losses.length / 10
}

function median(values) {
  return values.toSorted()[values.length >> 1]
}
