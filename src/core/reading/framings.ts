import type { Framing, FramingName } from './frame.ts'
import { leveldbLog } from './leveldb-log.ts'
import { tfrecord } from './tfrecord.ts'

/** How the records of appended binary files are found. */
export const FRAMINGS: Readonly<Record<Exclude<FramingName, 'whole'>, Framing>> = {
  tfrecord,
  'leveldb-log': leveldbLog,
}
