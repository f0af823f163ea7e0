import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Daemon, nanwatchJson, temporaryFolder } from '../e2e/nanwatch.ts'
import { type Case, ENDINGS, OLD_LOGS } from './table.ts'

/** Signals are sent so long after the start of a job. */
const AFTER_MS = 4000
/** So long is waited for the last of them; other programs may use the machine. */
const WITHIN_MS = 100_000
/** After all is as it should be nothing may change for so long. */
const CALM_MS = 6000
const JOBS = fileURLToPath(new URL('.', import.meta.url))
const JOB = `${process.execPath} ${join(JOBS, 'job.mjs')}`
/** How to see whether what a job needs is there and may be used: a container may not make namespaces. */
const PROBES: Readonly<Record<string, string>> = {
  unshare: 'unshare --pid --fork --mount-proc true',
  script: 'script -q -e -c true /dev/null',
  torch: 'python3 -c "import torch"',
  sklearn: 'python3 -c "import sklearn"',
}
const STALL = { leastMs: 3000, firstMs: 600_000, medians: 10, longests: 3, pauses: 2 }

/** The states that a healthy run is never in. */
const WRONG = ['failed', 'crashed', 'stalled', 'lost']

const isLinux = platform() === 'linux'
const folder = temporaryFolder()
const root = join(folder, 'runs')
const database = join(folder, 'nanwatch.db')
const jobs: ChildProcess[] = []
const runnable = ENDINGS.filter(({ needs }) => needs === undefined || isThere(needs))
let daemon: Daemon

function isThere(needed: string): boolean {
  try {
    execFileSync('bash', ['-c', PROBES[needed]!], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function start({ name, command, signal, words = '' }: Case): void {
  const run = join(root, name)
  mkdirSync(run, { recursive: true })
  const script = `job() { $JOB "$@"; }; ${command}`
  const env = { ...process.env, JOB, JOBS, WORDS: words }
  const child = spawn('bash', ['-c', script], { cwd: run, stdio: 'ignore', detached: true, env })
  jobs.push(child)
  if (signal !== undefined) setTimeout(() => process.kill(-child.pid!, signal), AFTER_MS)
}

interface Found {
  readonly state: unknown
  readonly severity: unknown
  readonly reason: unknown
}

/** The state of each run, and the gravest severity of its firing alerts. */
async function found(): Promise<ReadonlyMap<string, Found>> {
  const [runs, alerts] = [
    await nanwatchJson(['runs', '--db', database]),
    await nanwatchJson(['alerts', '--state', 'firing', '--db', database]),
  ]
  return new Map(
    runs.map(({ run, state, stateReason }) => {
      const severities = alerts.filter((alert) => alert['run'] === run).map(({ severity }) => severity)
      const severity = ['critical', 'warning'].find((each) => severities.includes(each)) ?? null
      return [String(run), { state, severity, reason: stateReason }]
    }),
  )
}

/** The runs that are not yet as they should be. */
async function others(): Promise<string[]> {
  const all = await found()
  return runnable.flatMap(({ name, state, severity }) => {
    const seen = all.get(name)
    if (seen?.state === state && seen.severity === severity) return []
    return [`${name}: ${state}, ${severity} – found ${seen?.state}, ${seen?.severity}: ${seen?.reason}`]
  })
}

describe.skipIf(!isLinux)('how jobs end, each a real process', () => {
  beforeAll(async () => {
    mkdirSync(root, { recursive: true })
    const config = join(folder, 'config.json')
    writeFileSync(config, JSON.stringify({ idleAfterMs: 5000, sweepMs: 500, detectors: { stall: STALL } }))
    const anHourAgo = new Date(Date.now() - 3_600_000)
    for (const { name, text } of OLD_LOGS) {
      mkdirSync(join(root, name))
      writeFileSync(join(root, name, 'train.log'), text)
      utimesSync(join(root, name, 'train.log'), anHourAgo, anHourAgo)
    }
    daemon = new Daemon(['watch', root, '--config', config, '--db', database, '--port', '0'])
    await daemon.event('ready')
    for (const one of runnable) start(one)
    const deadline = Date.now() + WITHIN_MS
    while ((await others()).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    await new Promise((resolve) => setTimeout(resolve, CALM_MS))
  }, WITHIN_MS + 60_000)

  afterAll(async () => {
    for (const { pid } of jobs) {
      try {
        process.kill(-pid!, 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
    await daemon?.stop('SIGTERM')
  })

  test('there are at least 40 of them', () => expect(ENDINGS.length).toBeGreaterThanOrEqual(40))

  test('each is called what it is, and stays so', async () => expect(await others()).toEqual([]))

  test('what was silent before it was watched is what it says, or has ended, and nobody is told', async () => {
    const all = await found()
    const names = OLD_LOGS.map(({ name }) => name)
    expect(OLD_LOGS.map(({ name }) => ({ name, state: all.get(name)?.state }))).toEqual(
      OLD_LOGS.map(({ name, state }) => ({ name, state })),
    )
    expect(daemon.events.filter(({ run }) => names.includes(String(run)))).toEqual([])
  })

  test('nobody was woken by a healthy end, and none was called failed on the way', () => {
    const healthy = runnable.filter(({ severity }) => severity === null).map(({ name }) => name)
    const wrong = daemon.events
      .filter(({ run }) => healthy.includes(String(run)))
      .filter(({ type, severity, state }) => (type === 'alert' ? severity !== 'info' : WRONG.includes(String(state))))
    expect(wrong.map(({ run, state, severity, message }) => `${run}: ${state} ${severity} ${message}`)).toEqual([])
  })
})
