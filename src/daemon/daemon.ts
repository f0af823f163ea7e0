import { readFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { rulesOf } from '../config/rules.ts'
import { secretsAt } from '../config/secrets.ts'
import { type Commit, emptyCommit } from '../core/pipeline/commit.ts'
import { MISREAD, TemplateShelf } from '../core/templates/template-shelf.ts'
import { startDispatcher } from '../notify/dispatcher.ts'
import type { Sink } from '../notify/sink.ts'
import { errorMessage } from '../protocol/error-message.ts'
import type { EntryBody } from '../protocol/wire.ts'
import { Commits } from '../server/commits.ts'
import { isLoopback } from '../server/guard.ts'
import { startServer } from '../server/server.ts'
import { StoreError } from '../store/store-error.ts'
import { watchFiles } from '../tail/file-events.ts'
import { detectModes, WatchModes } from '../tail/watch-modes.ts'
import { awaitRoots, GONE, NOT_THERE_YET } from './awaited-roots.ts'
import type { DaemonStore } from './daemon-store.ts'
import { NewSpace } from './engine.ts'
import type { DaemonEvent } from './event.ts'
import type { FollowOutputs, OutputChange } from './output-change.ts'
import { Intake } from './poll/intake.ts'
import { Problems } from './problems.ts'
import { UnsavedAlerts } from './unsaved-alerts.ts'
import { startUpkeep } from './upkeep.ts'

export interface DaemonOptions {
  readonly config: Config
  /** Absolute paths of the files and folders to follow. */
  readonly roots: readonly string[]
  readonly database: DaemonStore
  readonly version: string
  /** The folder with the built dashboard. */
  readonly dashboard: string
  readonly onEvent: (event: DaemonEvent) => void
  /** What becomes of the outputs on which the events are printed, where they may go away. */
  readonly followOutputs?: FollowOutputs
}

const UPKEEP = 'upkeep of the database'
const MOST_REPAIRS = 3
const REPAIRS_WITHIN_MS = 3_600_000

/**
 * Runs the daemon until `signal` aborts.
 *
 * A store that turns out to be damaged is opened again with `isDamaged`, which
 * repairs it, and watching goes on from what it holds then. If that happens too
 * often within an hour, the daemon throws the damage and ends.
 */
export async function runDaemon(options: DaemonOptions, signal: AbortSignal): Promise<void> {
  const repairedMs: number[] = []
  for (let isDamaged = false; ; isDamaged = true) {
    const damage = await watch(options, signal, isDamaged)
    if (damage === null) break
    const nowMs = Date.now()
    repairedMs.push(nowMs)
    if (repairedMs.filter((ms) => nowMs - ms < REPAIRS_WITHIN_MS).length > MOST_REPAIRS) throw damage
  }
  options.onEvent({ type: 'stopped' })
}

/**
 * Opens the parts, runs them until `outer` aborts, and closes them.
 *
 * They close in the reverse of the order in which they opened: first no new lines
 * are read, then the page, the notifications and the store close. Returns the
 * damage of the store that ended it, or null.
 */
async function watch(options: DaemonOptions, outer: AbortSignal, isDamaged: boolean): Promise<StoreError | null> {
  const { config, roots, database, version, dashboard, onEvent, followOutputs } = options
  const token = tokenOf(config)
  const sinks = await sinksOf(config)
  const problems = new Problems(onEvent)
  const startedAt = new Date().toISOString()
  const closing: (() => Promise<void>)[] = []
  const end = new AbortController()
  const signal = AbortSignal.any([outer, end.signal])
  let damage: StoreError | null = null
  const endIfDamaged = (error: unknown): void => {
    if (!(error instanceof StoreError && error.isDamage)) return
    damage = error
    end.abort()
  }

  try {
    if (followOutputs !== undefined) {
      const unfollow = followOutputs((change) => tellOutput(change, problems, onEvent))
      closing.push(async () => unfollow())
    }
    const { store, care } = await database.openWriter({ isDamaged })
    closing.push(() => store.close())
    const place = await database.placeProblem()
    if (place !== null) problems.report(`place of ${database.name}`, place)
    if (care.repaired !== null) problems.report(database.name, care.repaired)
    const upkeep = startUpkeep(care, (problem) => {
      if (problem === null) problems.clear(UPKEEP)
      else problems.report(UPKEEP, errorMessage(problem))
      endIfDamaged(problem)
    })
    closing.push(() => upkeep.close())
    const reader = await database.openReader()
    closing.push(() => reader.close())
    const dispatcher = startDispatcher(store.outbox, sinks, (sink, reason) => problems.report(sink, reason))
    closing.push(() => dispatcher.close())
    const modes = new WatchModes(await detectModes(roots, database.folder))
    const fileEvents = watchFiles(modes, (path, reason) => problems.report(path, reason))
    closing.push(() => fileEvents.close())
    const awaited = awaitRoots(
      (root, reason) => problems.report(root, reason),
      async (root) => {
        const [mode] = await detectModes([root], database.folder)
        if (mode !== undefined) modes.found(mode)
        problems.clear(root)
        fileEvents.scanSoon()
      },
    )
    closing.push(() => awaited.close())
    for (const root of roots) {
      if (!(await awaited.await(root, NOT_THERE_YET))) continue
      // The watcher was there first: what is in the root when it comes is news.
      await store
        .commit({ ...emptyCommit(startedAt), scannedRoots: [root] })
        .catch((error: unknown) => problems.report(database.name, errorMessage(error)))
    }

    const unsaved = new UnsavedAlerts(onEvent, (owed) => dispatcher.tryOnce(owed))
    const commits = new Commits()
    const templates = new TemplateShelf()
    const newSpace = new NewSpace()
    const intake = await Intake.open({
      roots,
      exclude: config.exclude,
      sweepMs: config.sweepMs,
      idleAfterMs: config.idleAfterMs,
      templates,
      rules: await rulesOf(config),
      sinks: sinks.map((sink) => sink.name),
      store,
      care,
      fileEvents,
      onCommit(commit) {
        problems.clear(database.name)
        for (const path of templates.misread) problems.report(path, MISREAD)
        announce(commit, onEvent, (entry) => unsaved.wasAnnounced(entry))
        commits.announce()
        server.changed(commit.runs.map((run) => run.run))
        if (commit.owed.length > 0) dispatcher.wake()
      },
      onUnsaved(commit, error) {
        problems.report(database.name, errorMessage(error))
        unsaved.announce(commit)
        endIfDamaged(error)
      },
      onRound: (hasMore) => newSpace.afterRound(hasMore),
      onReadAhead: (commit) => unsaved.announce(commit),
      onProblem(path, reason) {
        if (!roots.includes(path)) return problems.report(path, reason)
        awaited.await(path, GONE).then((isAwaited) => {
          // One that has come since is found by the next scan.
          if (!isAwaited && !reason.startsWith('ENOENT')) problems.report(path, reason)
        })
      },
      onRecovered: (path) => problems.clear(path),
    })
    const server = await startServer({
      host: config.host,
      port: config.port,
      token,
      reader,
      commits,
      version,
      dashboard,
      status: () => ({
        version,
        pid: process.pid,
        startedAt,
        roots,
        watching: modes.list(),
        files: intake.followedFiles,
        clients: server.clients,
        problems: problems.open(),
      }),
      forget: (run) => intake.forget(run),
    })
    closing.push(() => server.close())
    await store
      .announce({ url: server.url, pid: process.pid, startedAt })
      .catch((error: unknown) => problems.report(database.name, errorMessage(error)))

    onEvent({
      type: 'ready',
      url: server.url,
      version,
      pid: process.pid,
      files: intake.followedFiles,
      database: database.name,
    })
    await intake.run(signal)
  } finally {
    for (const close of closing.reverse()) await close()
  }
  return damage
}

/** What sends alerts is loaded only where some are sent. Rejects with a ConfigError. */
async function sinksOf(config: Config): Promise<readonly Sink[]> {
  if (config.sinks.length === 0) return []
  const { openSink } = await import('../notify/index.ts')
  return config.sinks.map((settings) => openSink(settings, secretsAt(`sinks.${settings.name}`)))
}

/** An output that is gone is a problem until it is back; then what it missed is told once. */
function tellOutput(
  { output, gone, missed }: OutputChange,
  problems: Problems,
  onEvent: (event: DaemonEvent) => void,
): void {
  if (gone === null) problems.clear(output)
  else problems.report(output, `${gone.reason}: nothing is printed there, and all else goes on`, gone.since)
  if (missed !== null) onEvent({ type: 'error', where: output, reason: missed })
}

/** Emits the news of a commit as events. Back-fill is stored and shown, but never announced. */
function announce(
  commit: Commit,
  onEvent: (event: DaemonEvent) => void,
  wasAnnounced: (entry: EntryBody) => boolean,
): void {
  for (const entry of commit.entries) {
    if (isNews(entry) && !wasAnnounced(entry)) onEvent(entry)
  }
  for (const { file, rejects } of commit.files) {
    for (const reject of rejects) if (reject.offset >= file.backfillUntil) onEvent({ type: 'reject', reject })
  }
}

function isNews(entry: EntryBody): boolean {
  switch (entry.type) {
    case 'alert':
      return entry.isNews
    case 'run':
      return !entry.backfill
    case 'gap':
      return true
  }
}

function tokenOf(config: Config): string | null {
  if (config.tokenFile === null) {
    if (isLoopback(config.host)) return null
    throw new ConfigError(
      `--host ${config.host}: reachable from other machines, so a token is required: add --token-file FILE`,
    )
  }
  let token: string
  try {
    token = readFileSync(config.tokenFile, 'utf8').trim()
  } catch (error) {
    throw new ConfigError(`--token-file ${config.tokenFile}: ${errorMessage(error)}`, { cause: error })
  }
  if (token.length < 16) {
    throw new ConfigError(
      `--token-file ${config.tokenFile}: the token is shorter than 16 characters; try: openssl rand -hex 32`,
    )
  }
  return token
}
