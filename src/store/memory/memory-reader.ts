import { isPart } from '../../core/alerts/failure.ts'
import type { RunSummary } from '../../protocol/run.ts'
import { isLossSeries } from '../../protocol/sample.ts'
import type { Reader } from '../store.ts'
import type { Contents, HeldRun } from './contents.ts'
import { memoryEnvelope } from './memory-envelope.ts'

/** A reader of the contents as they are at each question. It returns copies. */
export function memoryReader(epoch: string, contents: () => Contents): Reader {
  return {
    epoch: async () => epoch,
    head: async () => contents().entries.length,
    daemon: async () => structuredClone(contents().daemon),
    entriesAfter: async (seq, limit) => structuredClone(contents().entries.slice(Math.max(0, seq)).slice(0, limit)),
    async runs() {
      const held = contents()
      const newestFirst = [...held.runs.values()].reverse().sort((a, b) => byText(b.lastReadAt, a.lastReadAt))
      return newestFirst.map((run) => structuredClone(summaryOf(run, held)))
    },
    async alerts({ run, state, withParts = false }) {
      const found = [...contents().alerts.values()].filter(
        (alert) =>
          (run === undefined || alert.run === run) &&
          (state === undefined || alert.state === state) &&
          (withParts || !isPart(alert)),
      )
      return structuredClone(found.reverse().sort((a, b) => byText(b.detectedAt, a.detectedAt)))
    },
    async series(run) {
      const all = [...contents().series.values()].map(({ info }) => info)
      return structuredClone(all.filter((info) => run === undefined || info.run === run))
    },
    async samples(seriesId, after, limit) {
      const found = contents().series.get(seriesId)
      if (found === undefined) return null
      const rest = found.samples.filter(({ ordinal }) => ordinal > after)
      const page = rest.slice(0, limit)
      return {
        series: { ...found.info },
        ordinal: page.map(({ ordinal }) => ordinal),
        step: page.map(({ step }) => step),
        attempt: page.map(({ attempt }) => attempt),
        value: page.map(({ value }) => value),
        more: rest.length > limit,
      }
    },
    async envelope(seriesId, buckets) {
      const found = contents().series.get(seriesId)
      return found === undefined ? null : structuredClone(memoryEnvelope(found, buckets))
    },
    async batches(file, until, limit) {
      const found = contents()
        .batches.filter(
          (batch) => batch.file === file && (until === null || (batch.step !== null && batch.step <= until)),
        )
        .sort((a, b) => b.ordinal - a.ordinal)
        .slice(0, limit)
      return found
        .reverse()
        .map(({ step, attempt, measure, reportedLoss }) => structuredClone({ step, attempt, measure, reportedLoss }))
    },
    rejects: async (run, limit) =>
      structuredClone(
        contents()
          .rejects.filter((reject) => reject.run === run)
          .reverse()
          .slice(0, limit),
      ),
    gaps: async (run) => structuredClone(contents().gaps.filter((gap) => gap.run === run)),
    snapshot(read) {
      const seen = contents()
      return read(memoryReader(epoch, () => seen))
    },
    close: async () => undefined,
  }
}

function summaryOf({ memory, ...run }: HeldRun, { files, series, gaps, alerts }: Contents): RunSummary {
  const ofRun = [...files.values()].filter((file) => file.run === run.run)
  const firing = [...alerts.values()].filter(
    (alert) => alert.run === run.run && alert.state === 'firing' && !isPart(alert),
  )
  const total = (kind: 'samples' | 'batches' | 'rejects') =>
    ofRun.reduce((sum, { state }) => sum + state.counts[kind], 0)
  return {
    ...run,
    lastStep: memory.lastStep,
    lastLoss: memory.lastLoss,
    hasLoss: [...series.values()].some(({ info }) => info.run === run.run && isLossSeries(info)),
    files: ofRun.map(({ path }) => path),
    samples: total('samples'),
    batches: total('batches'),
    rejects: total('rejects'),
    gaps: gaps.filter((gap) => gap.run === run.run).length,
    critical: firing.filter(({ severity }) => severity === 'critical').length,
    warning: firing.filter(({ severity }) => severity === 'warning').length,
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
