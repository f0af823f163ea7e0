import { seededRandom } from '../../bench/soak/promise.ts'
import { FakeNfs } from './fake-nfs.ts'
import { Reading } from './reading.ts'

/** What went wrong on a file system that shows old news; all 0 when none of it was taken for a truncation. */
export type NfsCounts = {
  readonly lost: number
  readonly doubled: number
  readonly torn: number
  /** Gaps that no truncation and no stale handle stands behind, and such that were not told of. */
  readonly wrongGaps: number
}

const LOG = 'train.log'
const STEPS = 40
const SWEEP_MS = 250
/** Longer than any old news is shown. */
const SETTLED_MS = 150_000

/** Follows a file on a network file system in memory through a random life, with the production follower. */
export async function playNfs(seed: number, isPolled = true): Promise<NfsCounts> {
  const random = seededRandom(seed)
  const nfs = new FakeNfs(random)
  const options = { disk: nfs.disk, isPolled: () => isPolled, nowMs: () => nfs.nowMs }
  const reading = new Reading(`/nfs/${LOG}`, { options })
  let written = 0
  let cuts = 0
  let rotations = 0
  const append = () => {
    nfs.append(LOG, `line ${written++}\n`)
  }
  const look = async (ms: number) => {
    nfs.nowMs += ms
    try {
      await reading.catchUp()
    } catch {
      // The next look has to do.
    }
  }
  /** All that is written is read: what comes next may destroy it. */
  const settle = async () => {
    for (const until = nfs.nowMs + SETTLED_MS; nfs.nowMs < until; ) await look(SWEEP_MS * 20)
    nfs.lags = false
    for (let i = 0; i < 4; i++) await look(SWEEP_MS)
    nfs.lags = true
  }
  const ends: (() => void)[] = [
    () => {
      nfs.rename(LOG, `${LOG}.${++rotations}`)
    },
    () => {
      nfs.truncate(LOG)
      cuts++
    },
    () => {
      nfs.delete(LOG)
      cuts++
    },
    () => nfs.sillyRename(LOG),
  ]
  append()
  for (let step = 0; step < STEPS; step++) {
    const chance = random()
    if (chance < 0.4) append()
    else if (chance < 0.45) nfs.renumber(LOG)
    else if (chance < 0.48) {
      await settle()
      ends[Math.floor(random() * ends.length)]!()
      if (random() < 0.5) for (let i = 0; i < 3; i++) await look(random() * 1000)
      append()
      await settle()
    }
    await look(random() < 0.7 ? SWEEP_MS : random() * 20_000)
  }
  append()
  await settle()
  await reading.close()
  const once = new Set(reading.lines)
  const whole = [...once].filter((line) => /^line \d+$/.test(line)).length
  return {
    lost: written - whole,
    doubled: reading.lines.length - once.size,
    torn: once.size - whole,
    wrongGaps: Math.abs(reading.gaps.length - cuts),
  }
}
