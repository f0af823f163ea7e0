import { isObject, type RecordValue } from '../../literals/record-value.ts'
import { isoTime } from '../../literals/timestamp.ts'
import { listOf, wholeNumber } from './cells.ts'
import { columnTrack } from './column-series.ts'
import type { DocumentShape } from './shape.ts'
import type { Track } from './track.ts'

/** The metrics that Sacred's FileStorageObserver writes anew with each of its heartbeats. */
export const sacred: DocumentShape = {
  name: 'sacred',
  about: 'metrics.json of Sacred: per metric its values, their steps and their times.',
  example: '{"training.loss": {"steps": [0, 10], "timestamps": ["2026-01-01T10:00:00.5", …], "values": [2.3, NaN]}}',

  read(document) {
    if (!isObject(document)) return null
    const tracks: Track[] = []
    for (const name in document) {
      const track = trackOf(name, document[name])
      if (track === null) return null
      tracks.push(track)
    }
    return tracks.length === 0 ? null : tracks
  },
}

function trackOf(name: string, metric: RecordValue | undefined): Track | null {
  if (!isObject(metric)) return null
  const values = listOf(metric['values'])
  const steps = listOf(metric['steps'])
  if (values === null || steps === null) return null
  const times = listOf(metric['timestamps'])
  return columnTrack({
    path: '',
    name,
    axis: 'steps',
    values: values.length > steps.length ? values.slice(0, steps.length) : values,
    stepAt: (index) => wholeNumber(steps[index]),
    timeAt: (index) => timeOf(times?.[index]),
  })
}

function timeOf(value: RecordValue | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? isoTime(value) : null
}
