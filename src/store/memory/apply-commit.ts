import type { Commit, FileUpdate, FollowedFile, PlacedSample, RunUpdate } from '../../core/pipeline/commit.ts'
import { decodeJson, encodeJson } from '../../protocol/json.ts'
import { RUN_STATES } from '../../protocol/run.ts'
import type { Role } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import type { Contents, HeldSample, HeldSeries } from './contents.ts'

const MOST_PAST_FILES = 1024
const MOST_RAW_CHARS = 64

/** Applies a commit to contents that nobody else sees yet. Throws where that is impossible, and leaves the contents half changed. */
export function applyCommit(held: Contents, given: Commit): void {
  // Through JSON it becomes a copy, which the caller cannot change, and a bare NaN is refused.
  const commit = decodeJson<Commit>(encodeJson(given))
  requireRuns(commit)
  for (const run of commit.runs) putRun(held, run, commit.atIso)
  for (const update of commit.files) putFile(held, update)
  const past = commit.pastFiles.map((file) => ({ ...file, backfillUntil: 0 }))
  held.pastFiles = [...held.pastFiles, ...past].slice(-MOST_PAST_FILES)
  for (const { alert } of commit.transitions) held.alerts.set(alert.id, alert)
  for (const gap of commit.gaps) {
    const file = held.files.get(gap.file)
    if (file !== undefined) held.gaps.push({ ...gap, run: file.run, at: commit.atIso })
  }
  for (const entry of commit.entries) held.entries.push({ ...entry, seq: held.entries.length + 1, at: commit.atIso })
  for (const owed of commit.owed) {
    if (held.notifications.some(({ key, sink }) => key === owed.key && sink === owed.sink)) continue
    const id = held.notifications.length + 1
    held.notifications.push({ ...owed, id, attempts: 0, isSettled: false, notBeforeMs: 0 })
  }
  for (const root of commit.scannedRoots) held.roots.add(root)
}

/** Removes a run from contents that nobody else sees yet, and keeps how far its files were read. */
export function forgetRun(held: Contents, run: string): void {
  held.runs.delete(run)
  for (const { path, cursor } of [...held.files.values()].filter((file) => file.run === run)) {
    held.forgotten.set(path, { path, cursor })
    held.files.delete(path)
    held.batches = held.batches.filter(({ file }) => file !== path)
  }
  for (const { info } of [...held.series.values()]) if (info.run === run) held.series.delete(info.id)
  for (const alert of [...held.alerts.values()]) if (alert.run === run) held.alerts.delete(alert.id)
  held.pastFiles = held.pastFiles.filter((file) => file.run !== run)
  held.rejects = held.rejects.filter((reject) => reject.run !== run)
  held.gaps = held.gaps.filter((gap) => gap.run !== run)
}

function requireRuns({ runs, files, pastFiles, transitions }: Commit): void {
  const brought = new Set(runs.map(({ run }) => run))
  const named = [...files.map(({ file }) => file), ...pastFiles, ...transitions.map(({ alert }) => alert)]
  const missing = named.find(({ run }) => !brought.has(run))
  if (missing !== undefined) throw new Error(`${missing.run}: a run that the commit does not bring`)
}

function putRun(held: Contents, { readAt, ...run }: RunUpdate, atIso: string): void {
  if (!RUN_STATES.includes(run.state)) throw new Error(`${run.state}: no state that a run can be in`)
  const before = held.runs.get(run.run)
  held.runs.set(run.run, {
    ...run,
    firstSeenAt: before?.firstSeenAt ?? atIso,
    lastReadAt: readAt ?? before?.lastReadAt ?? atIso,
  })
}

function putFile(held: Contents, { file: given, samples, moves, batches, rejects }: FileUpdate): void {
  const { run, path, name } = held.files.get(given.path) ?? given
  held.files.set(path, { ...given, run, name })
  for (const metric of new Set([...moves, ...samples].map((each) => each.metric))) {
    const added = [...samples].filter((sample) => sample.metric === metric)
    const grown = withSamples(seriesOf(held, { run, path }, metric, added[0]?.role ?? 'other'), added)
    const attempts = new Map(moves.filter((move) => move.metric === metric).map((move) => [move.ordinal, move.attempt]))
    const moved = ({ attempt, ...sample }: HeldSample) => ({
      ...sample,
      attempt: attempts.get(sample.ordinal) ?? attempt,
    })
    held.series.set(grown.info.id, { ...grown, samples: grown.samples.map(moved) })
  }
  for (const { ordinal, step, attempt, measure, reportedLoss } of batches) {
    if (held.batches.some((batch) => batch.file === path && batch.ordinal === ordinal))
      throw new Error(`${path}: a batch ${ordinal} is there already`)
    held.batches.push({ file: path, ordinal, step, attempt, measure, reportedLoss })
  }
  for (const reject of rejects) held.rejects.push({ ...reject, run, file: path })
}

/** The series of a metric in a file, or a new one. */
function seriesOf(held: Contents, file: Pick<FollowedFile, 'run' | 'path'>, metric: string, role: Role): HeldSeries {
  const known = [...held.series.values()].find(({ info }) => info.file === file.path && info.metric === metric)
  if (known !== undefined) return known
  held.lastSeriesId++
  const about = { id: held.lastSeriesId, run: file.run, file: file.path, metric, role }
  return { info: { ...about, samples: 0, nonFinite: 0, keptFrom: 0 }, samples: [] }
}

function withSamples({ info, samples }: HeldSeries, added: readonly PlacedSample[]): HeldSeries {
  const all = [...samples]
  for (const { ordinal, attempt, step, value, raw } of added) {
    if (raw !== null && raw.length > MOST_RAW_CHARS)
      throw new Error(`${info.metric}: raw text of ${raw.length} characters`)
    all.push({ ordinal, attempt, step, value })
  }
  all.sort((a, b) => a.ordinal - b.ordinal)
  const twice = all.find(({ ordinal }, i) => ordinal === all[i - 1]?.ordinal)
  if (twice !== undefined) throw new Error(`${info.metric}: a sample ${twice.ordinal} is there already`)
  const nonFinite = info.nonFinite + added.filter(({ value }) => !isFinite(value)).length
  return { info: { ...info, samples: info.samples + added.length, nonFinite }, samples: all }
}
