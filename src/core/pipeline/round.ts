import type { Alert } from '../../protocol/alert.ts'
import type { RunStatus } from '../../protocol/run.ts'
import type { EntryBody, Gap } from '../../protocol/wire.ts'
import { owedNotifications } from '../alerts/announce.ts'
import { coalesce } from '../alerts/coalesce.ts'
import type { Transition } from '../alerts/incident.ts'
import { type FindingPlace, withAlert } from '../alerts/incidents.ts'
import { sharedDeaths } from '../alerts/shared-deaths.ts'
import { sharedSpikes } from '../alerts/shared-spikes.ts'
import { crashed } from '../detect/crashed.ts'
import { RunSettings } from '../detect/overrides.ts'
import type { DetectorSettings } from '../detect/settings.ts'
import { spike } from '../detect/spike.ts'
import { processInPath } from '../formats/rank-names.ts'
import type { RunEnding } from '../job/run-ending.ts'
import { isLastWord, isWaiting } from '../job/waiting-crash.ts'
import { pauseHintOf } from '../job/write-intervals.ts'
import { type Cursor, isOfFirstVersion } from '../reading/cursor.ts'
import type { Lines } from '../reading/lines.ts'
import { newLife } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'
import type { SavedRun } from '../state/saved-run.ts'
import type { TemplateShelf } from '../templates/template-shelf.ts'
import { type Advance, advance } from './advance.ts'
import type { Commit, FileUpdate, FollowedFile, PlacedSamples, RunUpdate } from './commit.ts'
import { linesIn, NO_LINES, partsIn } from './content.ts'
import { withEndSigns } from './end-signs.ts'
import { endedRunOf } from './ended-run.ts'
import { withFilesThatWait, withListed, wordsIn } from './files-that-wait.ts'
import { observeRun } from './log-rules.ts'
import { endingOf, hasGoneOn, isFirstOfRestart, isSameStatus, type Observations, statusOf } from './observations.ts'
import type { FileRead, ReadListener, Rules } from './read.ts'
import { hasGrown, isOldNews } from './read-news.ts'
import { partsOf } from './samples.ts'
import { silenceEvent } from './silence-event.ts'

export interface RoundSettings {
  readonly rules: Rules
  readonly sinks: readonly string[]
  readonly idleAfterMs: number
  /** What has been learned of the lines of each file. Without it each line is read anew. */
  readonly templates?: TemplateShelf
}

/** The files and runs as they were before a round. They must not change while the round lasts. */
export interface KnownBefore {
  file(path: string): FollowedFile | undefined
  runs(): Iterable<SavedRun>
  hasRun(name: string): boolean
  /** The run as it was last saved, or an empty one with this name. */
  run(name: string, atIso: string): SavedRun
  /** The files of a run. */
  filesOf(run: string): readonly FollowedFile[]
}

/** The files and runs that a round has changed, as they are after it. */
export interface KnownAfter {
  readonly files: readonly FollowedFile[]
  readonly runs: readonly SavedRun[]
}

/** A run whose first lines were written longer ago than this is an old log, and not one that is being written. */
const FRESH_MS = 60_000

/** So long the first lines of a file wait for those below them. */
const LONGEST_WAIT_MS = 5000

/**
 * A traceback that Python printed may have been caught while the process that printed it may live: it waits for the next
 * lines until the log has been silent for so long. A process may hang at its exit, and a notebook waits for its user.
 */
const LONGEST_CAUGHT_MS = 60_000

/** A round settles the ends of so many old logs at most: a folder may hold ten thousand. */
const MOST_LEFT = 64

/**
 * Folds the reads of several files into one commit.
 *
 * The daemon, `check`, `explain` and `backtest` all judge logs with it. The
 * round holds drafts only: the caller takes over `after` once the store has
 * taken the commit.
 */
export class Round {
  readonly #known: KnownBefore
  readonly #settings: RoundSettings
  readonly #nowMs: number
  readonly #nowIso: string
  readonly #files: FileUpdate[] = []
  readonly #pastFiles: FollowedFile[] = []
  readonly #runs = new Map<string, SavedRun>()
  readonly #transitions: Transition[] = []
  readonly #gaps: Gap[] = []
  readonly #observed: Observations | null
  #lines = 0
  #settled = 0

  constructor(known: KnownBefore, settings: RoundSettings, nowMs: number, observed: Observations | null = null) {
    this.#observed = observed
    this.#known = known
    this.#settings = settings
    this.#nowMs = nowMs
    this.#nowIso = new Date(nowMs).toISOString()
  }

  get isEmpty(): boolean {
    return this.#files.length === 0 && this.#runs.size === 0
  }

  /** How many lines it has taken in. */
  get lines(): number {
    return this.#lines
  }

  /** Folds in a read of a file, at most one for each file. Returns when the file has to be read again, or null. */
  add(file: FollowedFile, read: FileRead, listener?: ReadListener): Advance['isToBeReadAgain'] {
    const run = this.#runs.get(file.run) ?? this.#known.run(file.run, this.#nowIso)
    const before = read.isNewGeneration ? newLife(file.state) : file.state
    const backfillUntil = read.isNewGeneration ? 0 : file.backfillUntil
    const isOld = isOldNews(file, read)
    const { content, isFinal } = read
    const lines = linesIn(content)
    const oldUntil = isOld === null ? backfillUntil : isOld ? Number.POSITIVE_INFINITY : 0
    const isBackfill = isOld ?? read.cursor.offset <= backfillUntil
    // A file that nobody watched may hold what was written long before.
    const isWatched = this.#observed !== null && !isBackfill
    const { ending } = run.memory
    const isEndedElsewhere = isWatched && ending !== null && ending.file !== file.path
    const place = {
      run: file.run,
      file: file.path,
      backfillUntil: oldUntil,
      nowIso: this.#nowIso,
      ...(isWatched && { writtenMs: read.writtenMs }),
      ...(isWatched && file.cursor?.writtenMs !== undefined && { beforeMs: file.cursor.writtenMs }),
      isHeld: () => this.#mayBeHeld(file, read.writtenMs),
      isOfSameProcess: () => this.#isOutlived(file, ending),
      ...(isEndedElsewhere && {
        writerBeganMs: this.#observed?.writers.newestMs(file.run) ?? null,
        isOfHolder: this.#observed?.writers.isOfHolder(file.run, ending.file, file.path) ?? false,
      }),
    }
    const parts = partsIn(content)
    this.#lines += parts
    const templates = parts === 0 ? undefined : this.#settings.templates?.of(file.path)
    const outcome = advance(
      { ...place, content, isFinal, listener, templates, isOneByOne: this.#settings.templates === undefined },
      before,
      run.memory,
      this.#settings.rules,
    )
    if (outcome.isToBeReadAgain === 'when-changed') return outcome.isToBeReadAgain
    if (read.isNewGeneration && file.cursor?.inode !== read.cursor.inode) this.#pastFiles.push(file)
    const { samples, moves, batches, rejects } = outcome
    const cursor = cursorAfter(outcome.isToBeReadAgain, read, file)
    this.#files.push({
      file: { ...file, cursor, state: outcome.file, backfillUntil },
      samples,
      moves,
      batches,
      rejects,
    })
    this.#transitions.push(...outcome.transitions)
    const shown = { ...outcome, samplesBefore: before.counts.samples }
    let memory = withFilesThatWait(withEndSigns(file.path, content, shown, this.#nowMs), outcome.file, file.path)
    if (hasGrown(read, file)) {
      const isFresh = this.#nowMs - read.writtenMs < FRESH_MS
      if (!isBackfill && (isFresh || this.#observed?.intervals.isKnown(file.run) === true)) {
        const words = lines.slice(lines.length - 4).map(({ text }) => text)
        const hint = pauseHintOf(
          words,
          hasValidationLoss(samples),
          endsAside(lines, read.pendingBytes, [...samples.last(1), ...batches.slice(-1)]),
        )
        // Counted even if the commit fails: lines that come while the disk is full show that the job lives.
        const isStartedAgain = this.#observed !== null && isFirstOfRestart(file.run, this.#observed)
        const isRestart = ending !== null || run.memory.writer?.isGone === true || isStartedAgain
        const pace = this.#observed?.intervals.noteLines(
          { run: file.run, path: file.path, hint: { ...hint, isRestart } },
          this.#observed.steadyMs,
        )
        if (pace !== undefined) memory = { ...memory, pace }
      }
      this.#observed?.left.delete(file.run)
      const place = this.#placeIn(file.run, file.path)
      const grown = observeRun(memory, { kind: 'growth' }, this.#settingsOf(file.run), place, () => outcome.file)
      this.#transitions.push(...grown.transitions)
      memory = grown.memory
    }
    if (read.gap !== null) this.#gaps.push({ run: file.run, file: file.path, ...read.gap })

    const writtenMs = Math.min(read.writtenMs, this.#nowMs)
    const readMs = this.#known.hasRun(file.run) ? Math.max(writtenMs, Date.parse(run.lastReadAt)) : writtenMs
    this.#runs.set(file.run, {
      ...run,
      memory,
      backfill: run.backfill && isBackfill,
      lastReadAt: new Date(Math.min(readMs, this.#nowMs)).toISOString(),
    })
    return outcome.isToBeReadAgain
  }

  /** Takes note of a file in which there is nothing to read yet: its run is judged by when it was last written. */
  addUnread({ run, cursor }: FollowedFile, writtenMs: number): void {
    if (cursor !== null || this.#known.hasRun(run) || this.#runs.has(run)) return
    const lastReadAt = new Date(Math.min(writtenMs, this.#nowMs)).toISOString()
    const backfill = this.#nowMs - writtenMs >= FRESH_MS
    this.#runs.set(run, { ...this.#known.run(run, lastReadAt), lastReadAt, backfill })
  }

  /** Judges a run again in which nothing was read: it may have gone silent, and its processes may have ended. */
  revisit(run: SavedRun): void {
    if (this.#runs.has(run.run)) return
    const judged = this.#observed === null ? run : this.#seenAgain(run, this.#observed)
    if (judged !== run || !isSameStatus(this.#statusOf(judged), run)) this.#runs.set(run.run, judged)
  }

  /** Everything that the round changes, to be given to the store. */
  commit(): Commit {
    const transitions = coalesce(this.#transitions)
    const runs = [...this.#runs.values()].map((run): RunUpdate => {
      const { memory, backfill, lastReadAt } = run
      return { run: run.run, memory, backfill, ...this.#statusOf(run), readAt: lastReadAt }
    })
    const entries: EntryBody[] = [
      ...this.#gaps.map((gap): EntryBody => ({ type: 'gap', gap })),
      ...transitions.map(({ alert, isNews }): EntryBody => ({ type: 'alert', alert, isNews })),
      ...runs
        .filter((update) => this.#isToTell(update))
        .map(
          ({ run, backfill, state, stateSince, stateKnownBy, stateReason }): EntryBody => ({
            type: 'run',
            run,
            backfill,
            state,
            stateSince,
            stateKnownBy,
            stateReason,
          }),
        ),
    ]
    return {
      atIso: this.#nowIso,
      files: this.#files,
      pastFiles: this.#pastFiles,
      runs,
      transitions,
      gaps: this.#gaps,
      entries,
      owed: owedNotifications(transitions, this.#settings.sinks),
      scannedRoots: [],
    }
  }

  /** Whether the state of a run is news: it is another one, or known by something else. */
  #isToTell({ run, state, stateKnownBy }: RunUpdate): boolean {
    if (!this.#known.hasRun(run)) return true
    const before = this.#known.run(run, this.#nowIso)
    return before.state !== state || before.stateKnownBy !== stateKnownBy
  }

  /** What is known after the round. It holds once the store has taken the commit. */
  after(): KnownAfter {
    return {
      files: this.#files.map((update) => update.file),
      runs: [...this.#runs.values()].map((run): SavedRun => ({ ...run, ...this.#statusOf(run) })),
    }
  }

  /**
   * Explains spikes by those of other runs at the same step, and deaths by those of other runs at the same time. To be
   * called before `commit`.
   *
   * With `new` it does so only if this round brought one, or the end of a death: the daemon calls it in each round. With `all` it does so in
   * any case: commands that read one log after the other call it once, at the end. `others` are alerts of runs that are
   * not known here. They explain, and stay as they are.
   */
  explainByOthers(among: 'new' | 'all', others: readonly Alert[] = []): void {
    const brought = (rule: string, isOfEnds: boolean) =>
      among === 'all' ||
      this.#transitions.some(({ alert, kind }) => alert.rule === rule && (isOfEnds || kind !== 'resolved'))
    // A spike that is over stays what it was. A run that went on died with no other.
    const [hasSpikes, hasDeaths] = [brought(spike.name, false), brought(crashed.name, true)]
    if (!hasSpikes && !hasDeaths) return
    const runs = new Map([...this.#known.runs()].map((run) => [run.run, run]))
    for (const [name, run] of this.#runs) runs.set(name, run)
    const alerts = [...runs.values()].flatMap(({ memory: { incidents } }) => [
      ...(incidents.pastSpikes ?? []),
      ...[...incidents.closed, ...incidents.open].map(({ alert }) => alert),
    ])
    const explained = [
      ...(hasSpikes ? sharedSpikes([...alerts, ...others]) : []),
      ...(hasDeaths ? sharedDeaths([...runs.values()].map(endedRunOf)) : []),
    ]
    for (const alert of explained) {
      const run = runs.get(alert.run)
      if (run === undefined) continue
      const { incidents, transitions } = withAlert(run.memory.incidents, alert)
      const changed = { ...run, memory: { ...run.memory, incidents } }
      runs.set(alert.run, changed)
      this.#runs.set(alert.run, changed)
      this.#transitions.push(...transitions)
    }
  }

  #seenAgain(run: SavedRun, observed: Observations): SavedRun {
    const seen = this.#caughtOrNot(this.#withWriter(this.#waited(run), observed), observed)
    const judged = this.#silent(this.#settledIfLeft(seen, observed), observed)
    return this.#settledIfLost(judged, observed)
  }

  /** A run that is lost is judged by what its log ends with, as one whose process is gone: nothing follows it. */
  #settledIfLost(run: SavedRun, { left, writers }: Observations): SavedRun {
    const isEnded = endingOf(run, writers.of(run.run)) !== null
    if (left.has(run.run) || isEnded || this.#statusOf(run).state !== 'lost') return run
    left.add(run.run)
    return this.#over(run)
  }

  /** A log that had been silent for long when it was first watched is over, as that of a process that is gone. */
  #settledIfLeft(run: SavedRun, { left, writers }: Observations): SavedRun {
    const isOld = run.state === 'ended' && run.stateKnownBy === 'silence' && writers.of(run.run).kind !== 'alive'
    if (!isOld || left.has(run.run) || this.#settled === MOST_LEFT) return run
    this.#settled++
    left.add(run.run)
    return this.#over(run)
  }

  /** The run with who writes to it. Once nobody does any more, what its logs end with was not caught. */
  #withWriter(run: SavedRun, { writers }: Observations): SavedRun {
    const writer = writers.of(run.run)
    const saved = run.memory.writer
    if (writer.process === undefined) return saved === undefined ? run : withoutWriter(run)
    const isGone = writer.kind === 'gone'
    const isUnseen = writer.kind === 'unseen'
    const isSameProcess = saved?.pid === writer.process.pid && saved.place === writers.place
    if (isSameProcess && saved.isGone === isGone && (saved.isUnseen ?? false) === isUnseen) return run
    const { place } = writers
    const path = writer.path === undefined ? {} : { path: writer.path }
    const seen = { ...writer.process, place, isGone, ...path, ...(isUnseen ? { isUnseen } : {}) } as const
    const memory = { ...run.memory, writer: seen }
    return isGone ? this.#over({ ...run, memory }) : { ...run, memory }
  }

  /** The run after the end of its processes: an exception that nothing followed was not caught. */
  #over(run: SavedRun): SavedRun {
    let { memory } = run
    const written = memory.pace === undefined ? {} : { writtenMs: Date.parse(run.lastReadAt) }
    for (const file of this.#known.filesOf(run.run).map((each) => this.#asLeft(each))) {
      const { path, backfillUntil } = file
      const place = { run: file.run, file: path, backfillUntil, nowIso: this.#nowIso, ...written }
      const read = { ...place, content: NO_LINES, isFinal: false, isJobOver: true }
      const outcome = advance(read, file.state, memory, this.#settings.rules)
      const isSame = outcome.memory.ending === memory.ending && outcome.transitions.length === 0
      if (isSame && outcome.samples.length + outcome.batches.length === 0) continue
      memory = withFilesThatWait(this.#took(file, outcome), outcome.file, path)
    }
    return { ...run, memory }
  }

  /** Whether the process may live that wrote to a file within the last minute: it may have caught an exception. */
  #mayBeHeld({ run, path }: FollowedFile, writtenMs: number): boolean {
    if (this.#observed === null || this.#nowMs - writtenMs >= LONGEST_CAUGHT_MS) return false
    return this.#observed.writers.mayLive(run, path, null)
  }

  /** Whether the process lives, and holds a file, that was at work before the exception which the file tells of, here or above. */
  #isOutlived({ run, path, cursor, state }: FollowedFile, ending: RunEnding | null): boolean {
    const isAbove = wordsIn(state).some(({ crash }) => crash !== null)
    const told = ending?.file === path ? ending.beforeMs : undefined
    const sinceMs = isAbove ? told : cursor?.writtenMs
    return sinceMs !== undefined && this.#observed?.writers.holdsSince(run, path, sinceMs) === true
  }

  /** The run after exceptions that wait: nobody caught one whose process is gone, nor one that stays the last word for long. */
  #caughtOrNot(run: SavedRun, observed: Observations): SavedRun {
    const { heldBack = [] } = run.memory
    if (heldBack.length === 0) return run
    const { intervals, writers, steadyMs } = observed
    const known = intervals.of(run.run)
    const quietMs = known === undefined ? this.#nowMs - Date.parse(run.lastReadAt) : steadyMs - known.intervals.lastMs
    const written = run.memory.pace === undefined ? {} : { writtenMs: Date.parse(run.lastReadAt) }
    let { memory } = run
    for (const path of heldBack) {
      const file = this.#known.file(path)
      if (file === undefined) {
        memory = withListed(memory, 'heldBack', path, false)
        continue
      }
      const { state, backfillUntil } = this.#asLeft(file)
      if (!wordsIn(state).some(isWaiting)) continue
      // One that did not grow while it was watched cannot stall, and is judged by what it says.
      const ending = memory.ending?.file === path ? memory.ending : null
      const isLast = (wordsIn(state).some(isLastWord) && ending?.own === undefined) || !hasGoneOn(run, observed)
      const mayLive = writers.mayLive(run.run, path, ending?.writtenMs ?? null)
      // The other processes of the job may write on while they wait for the one that died.
      const isOfOne = processInPath(path) !== null && ending?.writtenMs !== undefined
      const ownQuietMs = isOfOne ? this.#nowMs - ending.writtenMs : quietMs
      if (mayLive && !(ownQuietMs >= LONGEST_CAUGHT_MS && isLast)) continue
      const place = { run: run.run, file: path, backfillUntil, nowIso: this.#nowIso, ...written }
      const read = { ...place, content: NO_LINES, isFinal: false, isUncaught: true }
      const outcome = advance(read, state, memory, this.#settings.rules)
      memory = withFilesThatWait(this.#took(this.#asLeft(file), outcome), outcome.file, path)
    }
    return memory === run.memory ? run : { ...run, memory }
  }

  /** The run after lines that waited for those below them, once nothing has come for a while. */
  #waited(run: SavedRun): SavedRun {
    const { waiting = [] } = run.memory
    if (waiting.length === 0 || this.#nowMs - Date.parse(run.lastReadAt) < LONGEST_WAIT_MS) return run
    let { memory } = run
    for (const path of waiting) {
      const known = this.#known.file(path)
      if (known === undefined) continue
      const file = this.#asLeft(known)
      const place = { run: file.run, file: path, backfillUntil: file.backfillUntil, nowIso: this.#nowIso }
      const isHeld = () => this.#mayBeHeld(file, Date.parse(run.lastReadAt))
      const read = { ...place, content: NO_LINES, isFinal: false, isWaitOver: true, isHeld }
      const outcome = advance(read, file.state, memory, this.#settings.rules)
      memory = withFilesThatWait(this.#took(file, outcome), outcome.file, path)
    }
    const { waiting: _, ...rest } = memory
    return { ...run, memory: rest }
  }

  /** Takes over what was made of a file without a read. Returns the memory of its run. */
  #took(file: FollowedFile, outcome: Advance): RunMemory {
    const at = this.#files.findIndex((update) => update.file.path === file.path)
    const before = this.#files[at]
    const update = {
      file: { ...file, state: outcome.file },
      samples: [...(before?.samples ?? []), ...outcome.samples],
      moves: [...(before?.moves ?? []), ...outcome.moves],
      batches: [...(before?.batches ?? []), ...outcome.batches],
      rejects: [...(before?.rejects ?? []), ...outcome.rejects],
    }
    this.#files.splice(at < 0 ? this.#files.length : at, at < 0 ? 0 : 1, update)
    this.#transitions.push(...outcome.transitions)
    return outcome.memory
  }

  /** A file as this round has left it so far. */
  #asLeft(file: FollowedFile): FollowedFile {
    return this.#files.find((update) => update.file.path === file.path)?.file ?? file
  }

  /** The run after the rules have seen its silence, or its end. A run that is not known to grow stays as it is. */
  #silent(run: SavedRun, observed: Observations): SavedRun {
    const settings = this.#settingsOf(run.run)
    const seen = silenceEvent(run, observed, settings, this.#settings.idleAfterMs, this.#nowMs)
    if (seen === null) return run
    const { event, path } = seen
    const fileOf = () => this.#known.file(path)?.state
    const { memory, transitions } = observeRun(run.memory, event, settings, this.#placeIn(run.run, path), fileOf)
    this.#transitions.push(...transitions)
    return memory === run.memory ? run : { ...run, memory }
  }

  #settingsOf(run: string): DetectorSettings {
    const { detectors, overrides = [] } = this.#settings.rules
    return new RunSettings(detectors, overrides, run).ofRun
  }

  #placeIn(run: string, file: string): FindingPlace {
    return { run, file, nowIso: this.#nowIso, backfill: false }
  }

  #statusOf(run: SavedRun): RunStatus {
    const { idleAfterMs } = this.#settings
    return statusOf(run, this.#observed, () => this.#settingsOf(run.run), idleAfterMs, this.#nowMs)
  }
}

/** The cursor behind a read, whose file may have to be read again. */
function cursorAfter(again: Advance['isToBeReadAgain'], { cursor }: FileRead, before: FollowedFile): Cursor | null {
  const version = { writtenMs: cursor.writtenMs ?? 0, isFirst: isOfFirstVersion(before.cursor) }
  switch (again) {
    case null:
      return cursor
    case 'from-start':
      return { ...cursor, version, isReadAgain: true }
    case 'as-a-whole':
      return { ...cursor, version, isReadAgain: true, isReadAsWhole: true }
    default:
      return before.cursor
  }
}

function hasValidationLoss(samples: PlacedSamples): boolean {
  return partsOf(samples).some((part) =>
    [...('columns' in part ? part.columns : part)].some(({ role }) => role === 'val_loss'),
  )
}

/** Whether a read ends with a line that is no record, or with the beginning of one. */
function endsAside(
  lines: Lines,
  pendingBytes: number,
  records: readonly { readonly offset: number | null }[],
): boolean {
  if (lines.length === 0) return pendingBytes > 0
  const last = lines.offsetOf(lines.length - 1)
  return pendingBytes > 0 || records.every(({ offset }) => (offset ?? -1) < last)
}

/** The run of which it is not known any more who writes to it. */
function withoutWriter(run: SavedRun): SavedRun {
  const { writer: _, ...memory } = run.memory
  return { ...run, memory }
}
