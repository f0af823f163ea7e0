// Prints how many points of a TensorBoard event file are read per second of processor time, and the
// ratio to the reader of the tensorboard package where `NANWATCH_PYTHON` (or python3) can import it.
// Needs `npm run build`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32c } from '../build/core/binary/crc32.js'
import { tfevents } from '../build/core/formats/containers/tfevents.js'
import { tfrecord } from '../build/core/reading/tfrecord.js'

const POINTS = 1_000_000
/** The tensorboard package computes checksums in Python where TensorFlow is not installed: it is given fewer. */
const THEIR_POINTS = 10_000
const THEIR_LIMIT_MS = 60_000
const READ_BYTES = 1024 * 1024
const TAG = Buffer.from('train/loss')

/** An event of one scalar, as PyTorch writes it: time, step, summary. */
function event(step) {
  const value = Buffer.concat([Buffer.of(0x0a, TAG.length), TAG, Buffer.of(0x15), Buffer.alloc(4)])
  value.writeFloatLE(2 * 0.999999 ** step, value.length - 4)
  const time = Buffer.alloc(9, 0x09)
  time.writeDoubleLE(1.7e9 + step, 1)
  const steps = [0x10]
  let rest = step
  for (; rest > 0x7f; rest >>= 7) steps.push((rest & 0x7f) | 0x80)
  steps.push(rest)
  return Buffer.concat([time, Buffer.from(steps), Buffer.of(0x2a, value.length + 2, 0x0a, value.length), value])
}

function record(data) {
  const bytes = Buffer.alloc(data.length + 16)
  bytes.writeUInt32LE(data.length)
  bytes.writeUInt32LE(masked(bytes, 0, 8), 8)
  data.copy(bytes, 12)
  bytes.writeUInt32LE(masked(bytes, 12, 12 + data.length), 12 + data.length)
  return bytes
}

function masked(bytes, start, end) {
  const crc = crc32c(bytes, start, end)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** Reads as the daemon does: a piece at a time, from the first frame that was not complete. */
function countPoints(file) {
  let points = 0
  for (let next = 0; next < file.length; ) {
    const cut = tfrecord.cut(file.subarray(next, next + READ_BYTES), next)
    next = cut.next
    for (const frame of cut.frames) {
      for (const { result } of tfevents.parse(frame, null, 'events').results) {
        if (result.kind === 'records') points += result.records[0].scalars.length
      }
    }
  }
  return points
}

const PYTHON = `
import sys, time
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
before = time.process_time()
points = sum(len(event.summary.value) for event in EventFileLoader(sys.argv[1]).Load())
print(points, time.process_time() - before)
`

const folder = mkdtempSync(join(tmpdir(), 'nanwatch-bench-'))
try {
  const path = join(folder, 'events.out.tfevents.1')
  const records = Array.from({ length: POINTS }, (_, step) => record(event(step)))
  writeFileSync(path, Buffer.concat(records))
  const before = process.cpuUsage()
  const points = countPoints(readFileSync(path))
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  console.log(`nanwatch     ${points} points, ${Math.round(points / seconds)} points/s of processor time`)

  writeFileSync(path, Buffer.concat(records.slice(0, THEIR_POINTS)))
  const python = spawnSync(process.env.NANWATCH_PYTHON ?? 'python3', ['-c', PYTHON, path], {
    encoding: 'utf8',
    timeout: THEIR_LIMIT_MS,
  })
  const [theirPoints, theirSeconds] = (python.stdout ?? '').split(' ').map(Number)
  if (python.status === 0) {
    console.log(
      `tensorboard  ${theirPoints} points, ${Math.round(theirPoints / theirSeconds)} points/s of processor time`,
    )
    console.log(`ratio        ${(points / seconds / (theirPoints / theirSeconds)).toFixed(1)}`)
  } else console.log('tensorboard  not importable, or too slow: nothing to compare with')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
