import type { SeriesInfo } from '../src/protocol/run.ts'
import { type Api, ApiError } from './api.ts'
import { loadDetail, needsDetail } from './detail.ts'
import type { Timers } from './repeat.ts'
import { appendSamples, emptySeries, type Series, seriesFromEnvelope } from './series-store.ts'
import type { Range } from './view.ts'

/** Above this a series is loaded as an envelope, and sample by sample only where somebody looks closer. */
export const LONG_SERIES_SAMPLES = 20_000
const BUCKETS = 2_000
/** A page that slept through more than this starts the series again. */
const LONGEST_CATCH_UP_SAMPLES = 50_000
const REQUESTS_AT_ONCE = 4
const RETRY_MS = 3_000

export interface SeriesLoader {
  /** Brings these series up to date with the counts in their infos; what is here already is not asked for again. */
  want(infos: readonly SeriesInfo[]): void
  /** Loads the samples that a view of this range needs, for the series wanted last. Null is the whole run. */
  zoom(range: Range | null): void
  get(id: number): Series | null
  /** Forgets every series: another run is shown, or the server's history is another one. */
  clear(): void
}

interface Held {
  series: Series
  /** How many samples the server had when these were loaded. */
  samples: number
  /** The range that was last zoomed to, whether or not it could be loaded. */
  zoomedTo: Range | null
}

/** Loads samples for the charts in sight. `changed` is called after each answer, `failed` with a sentence or null. */
export function seriesLoader(
  api: Api,
  timers: Timers,
  changed: () => void,
  failed: (sentence: string | null) => void,
): SeriesLoader {
  let held = new Map<number, Held>()
  let wanted: readonly SeriesInfo[] = []
  let range: Range | null = null
  const busy = new Set<number>()

  const pump = (): void => {
    for (const info of wanted) {
      if (busy.size >= REQUESTS_AT_ONCE) return
      if (!busy.has(info.id) && isDue(info)) void load(info)
    }
  }

  const isDue = (info: SeriesInfo): boolean => {
    const here = held.get(info.id)
    return here === undefined || here.samples < info.samples || isDetailDue(here)
  }

  const isDetailDue = ({ series, zoomedTo }: Held): boolean =>
    range !== null && range !== zoomedTo && needsDetail(series, range)

  const load = async (info: SeriesInfo): Promise<void> => {
    const release = (): void => {
      busy.delete(info.id)
      pump()
    }
    busy.add(info.id)
    try {
      await bringUpToDate(info, held)
      failed(null)
      release()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed(error.message)
      timers.after(RETRY_MS, release)
    }
  }

  const bringUpToDate = async (info: SeriesInfo, into: typeof held): Promise<void> => {
    const here = await begun(info, into)
    const { series } = here
    for (let more = here.samples < info.samples; more && into === held; ) {
      const answer = await api.samples(series.id, resumeAfter(series))
      appendSamples(series, answer)
      more = answer.more
      if (!more) here.samples = Math.max(info.samples, answer.series.samples)
      changed()
    }
    if (isDetailDue(here)) {
      here.zoomedTo = range
      series.detail = await loadDetail(api, series, range!)
      changed()
    }
  }

  const begun = async (info: SeriesInfo, into: typeof held): Promise<Held> => {
    const here = into.get(info.id)
    if (here !== undefined && info.samples - here.samples <= LONGEST_CATCH_UP_SAMPLES) return here
    // Where the rows were dropped, only the envelope still shows the whole.
    const isLong = info.samples > LONG_SERIES_SAMPLES || info.keptFrom > 0
    const series = isLong ? seriesFromEnvelope(await api.envelope(info.id, BUCKETS)) : emptySeries(info)
    const beginning = { series, samples: 0, zoomedTo: null }
    into.set(info.id, beginning)
    return beginning
  }

  return {
    want: (infos) => {
      wanted = infos
      pump()
    },
    zoom: (next) => {
      range = next
      pump()
    },
    get: (id) => held.get(id)?.series ?? null,
    clear: () => {
      held = new Map()
      wanted = []
    },
  }
}

/** After the newest sample here; at it where an envelope holds it only in a bucket, so that its value gets known. */
function resumeAfter({ lastOrdinal, newest }: Series): number {
  return newest === null ? Math.max(-1, lastOrdinal - 1) : lastOrdinal
}
