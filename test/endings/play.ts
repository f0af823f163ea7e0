import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Daemon, nanwatchJson, temporaryFolder } from '../e2e/nanwatch.ts'
import { type Case, ENDINGS, OLD_LOGS } from './table.ts'

/** What came of playing the table once. Each list names runs, with what was found in place of what should be. */
export interface Played {
  readonly jobs: number
  readonly absent: readonly string[]
  /** Not what they are, once nothing changed any more. */
  readonly wrong: readonly string[]
  /** Healthy runs with an alert, or with a state of trouble on the way. */
  readonly falseAlarms: readonly string[]
  /** Logs that were old when they were first watched, and were wrong or told of. */
  readonly wrongOld: readonly string[]
  /** How much later than at its bound a hang was told at most. */
  readonly latestMs: number
}

/** Signals are sent so long after the start of a job. */
const AFTER_MS = 7000
/** So many processes at once keep a small machine, and the daemon on it, busy for seconds. */
const BETWEEN_MS = 150
/** So long is waited for the last of them: other programs may use the machine. */
const WITHIN_MS = 240_000
/** After all is as it should be nothing may change for so long. */
const CALM_MS = 6000
const HOUR_MS = 3_600_000
/** The states that a healthy run is never in. */
const TROUBLE = ['failed', 'crashed', 'stalled', 'lost']
export const CONFIG = {
  idleAfterMs: 5000,
  sweepMs: 500,
  detectors: { stall: { leastMs: 3000, firstMs: 20_000, medians: 10, longests: 3, pauses: 2 } },
}
/** A process and what it starts get numbers of their own, and see no others. */
export const OWN_PROCESSES = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']

const JOBS = fileURLToPath(new URL('.', import.meta.url))
const JOB = `${process.execPath} ${join(JOBS, 'job.mjs')}`
/** How to see whether what a job needs is there and may be used: a container may not make namespaces. */
const PROBES: Readonly<Record<string, string>> = {
  unshare: `${OWN_PROCESSES.join(' ')} true`,
  script: 'script -q -e -c true /dev/null',
  torch: '/usr/bin/python3 -c "import torch"',
  sklearn: '/usr/bin/python3 -c "import sklearn"',
}

export function isThere(needed: string): boolean {
  try {
    execFileSync('bash', ['-c', PROBES[needed]!], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Starts a job in a folder, as the leader of a process group. */
export function startJob(folder: string, command: string, words = ''): ChildProcess {
  mkdirSync(folder, { recursive: true })
  const env = { ...process.env, JOB, JOBS, WORDS: words }
  return spawn('bash', ['-c', `job() { $JOB "$@"; }; ${command}`], {
    cwd: folder,
    stdio: 'ignore',
    detached: true,
    env,
  })
}

/** Kills a job and what it started. */
export function killJob({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Plays every ending of the table at the same time, below one daemon. */
export async function playEndings(): Promise<Played> {
  const folder = temporaryFolder()
  const root = join(folder, 'runs')
  const database = join(folder, 'nanwatch.db')
  const config = join(folder, 'config.json')
  const needed = new Set(ENDINGS.flatMap(({ needs }) => needs ?? []))
  const absent = [...needed].filter((program) => !isThere(program))
  const cases = ENDINGS.filter(({ needs }) => needs === undefined || !absent.includes(needs))
  mkdirSync(root)
  writeFileSync(config, JSON.stringify(CONFIG))
  for (const { name, text, ageHours = 1 } of OLD_LOGS) writeOld(join(root, name), text, ageHours)
  const daemon = new Daemon(['watch', root, '--config', config, '--db', database, '--port', '0'])
  const jobs: ChildProcess[] = []
  try {
    await daemon.event('ready')
    for (const { name, command, words, signal } of cases) {
      const job = startJob(join(root, name), command, words)
      jobs.push(job)
      if (signal !== undefined) setTimeout(() => process.kill(-job.pid!, signal), AFTER_MS)
      await pauseMs(BETWEEN_MS)
    }
    const deadline = Date.now() + WITHIN_MS
    while (wrongOf(cases, await found(database)).length > 0 && Date.now() < deadline) await pauseMs(1000)
    await pauseMs(CALM_MS)
    const all = await found(database)
    const isHealthy = ({ severity, isRestarted = false }: Case) => severity === null && !isRestarted
    const healthy = new Set(cases.filter(isHealthy).map(({ name }) => name))
    const old = new Set(OLD_LOGS.map(({ name }) => name))
    const alarms = daemon.events.filter(
      ({ type, severity, state }) => (type === 'alert' && severity !== 'info') || TROUBLE.includes(String(state)),
    )
    const told = daemon.events.filter(({ run }) => old.has(String(run)))
    return {
      jobs: cases.length,
      absent,
      wrong: wrongOf(cases, all),
      falseAlarms: alarms.filter(({ run }) => healthy.has(String(run))).map(inShort),
      wrongOld: [
        ...OLD_LOGS.filter(({ name, state }) => all.get(name)?.state !== state).map(
          ({ name, state }) => `${name}: ${state} – found ${all.get(name)?.state}`,
        ),
        ...told.map(inShort),
      ],
      latestMs: latestOf(daemon.events),
    }
  } finally {
    for (const job of jobs) killJob(job)
    await daemon.stop('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Found {
  readonly state: unknown
  readonly severity: unknown
  readonly reason: unknown
}

/** The state of each run, and the gravest severity of its firing alerts. */
async function found(database: string): Promise<ReadonlyMap<string, Found>> {
  const runs = await nanwatchJson(['runs', '--db', database])
  const alerts = await nanwatchJson(['alerts', '--state', 'firing', '--db', database])
  return new Map(
    runs.map(({ run, state, stateReason }) => {
      const severities = alerts.filter((alert) => alert['run'] === run).map(({ severity }) => severity)
      const severity = ['critical', 'warning'].find((each) => severities.includes(each)) ?? null
      return [String(run), { state, severity, reason: stateReason }]
    }),
  )
}

/** The runs that are not as they should be. */
function wrongOf(cases: readonly Case[], all: ReadonlyMap<string, Found>): string[] {
  return cases.flatMap(({ name, state, severity }) => {
    const seen = all.get(name)
    if (seen?.state === state && seen.severity === severity) return []
    return [`${name}: ${state}, ${severity} – found ${seen?.state}, ${seen?.severity}: ${seen?.reason}`]
  })
}

/** How much longer than its bound a silence was at most when it was told. */
function latestOf(events: readonly Record<string, unknown>[]): number {
  const silences = events.filter(
    ({ type, rule, state, severity }) =>
      type === 'alert' && rule === 'stall' && state === 'firing' && severity === 'warning',
  )
  return Math.max(0, ...silences.map(({ cause }) => evidenceOf(cause, 'quietMs') - evidenceOf(cause, 'limitMs')))
}

function evidenceOf(cause: unknown, name: string): number {
  const { evidence } = cause as { readonly evidence: readonly { readonly name: string; readonly value: number }[] }
  return evidence.find((each) => each.name === name)!.value
}

function inShort({ run, state, severity, message }: Record<string, unknown>): string {
  return [run, state, severity, message].filter((part) => part !== undefined).join(', ')
}

function writeOld(folder: string, text: string, ageHours: number): void {
  mkdirSync(folder)
  const log = join(folder, 'train.log')
  writeFileSync(log, text)
  const written = new Date(Date.now() - ageHours * HOUR_MS)
  utimesSync(log, written, written)
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
