import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { MAIN, until } from '../../test/e2e/nanwatch.ts'
import type { Outcome, Tell } from './promise.ts'

/** What becomes of the outputs of a daemon while it watches. */
export type Way = (typeof WAYS)[number]

export const WAYS = [
  'its terminal is closed',
  'its terminal is closed, under nohup',
  'its terminal is closed, disowned',
  'its terminal is closed, with --json',
  'the reader of stderr ends',
  'the reader of stdout is head -1, with --json',
  'stderr is on a full disk',
  'stdout is on a full disk, with --json',
] as const

/** The daemon, and how its outputs go away. */
interface Watching {
  readonly pid: number
  takeAway(): Promise<void>
  /** The exit code, or the number of a signal below zero. */
  readonly ended: Promise<number>
}

/** What is written once the outputs are gone, the first of it a NaN. */
const LINES = 20
const PATIENCE_MS = 30_000
const IN_TERMINAL = fileURLToPath(new URL('./in_terminal.py', import.meta.url))
const COUNTS = ['died', 'unstored', 'unserved', 'untold', 'undelivered', 'badEnds'] as const

/** Why a terminal cannot be closed here, or null. */
export function noTerminal(): string | null {
  if (process.platform === 'win32') return 'no terminals of this kind'
  return spawnSync('python3', ['-c', 'import fcntl, termios, os; os.waitstatus_to_exitcode']).status === 0
    ? null
    : 'no python3 of version 3.9 or later'
}

/**
 * Takes the outputs of a daemon away in each of these ways, and looks whether it
 * goes on: it stores, serves, notifies, says what is gone, and ends well.
 */
export async function terminal(trials: number, tell: Tell, ways: readonly Way[] = WAYS): Promise<Outcome> {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Record<(typeof COUNTS)[number], number>
  const startedMs = Date.now()
  const delivered = new Set<string>()
  const receiver = await webhooksInto(delivered)
  try {
    for (let trial = 0; trial < trials; trial++) {
      for (const way of ways) {
        const failed = await tried(way, receiver, delivered)
        for (const name of failed) counts[name]++
        if (failed.length > 0) tell(`${way}: ${failed.join(', ')}`)
      }
      if ((trial + 1) % 10 === 0) tell(`${trial + 1} of ${trials}`)
    }
  } finally {
    receiver.close()
  }
  return { counts, figures: { trials: trials * ways.length, seconds: Math.round((Date.now() - startedMs) / 1000) } }
}

async function tried(
  way: Way,
  receiver: Server,
  delivered: Set<string>,
): Promise<(keyof Record<(typeof COUNTS)[number], 0>)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-terminal-'))
  const [logs, database, config] = [join(folder, 'runs'), join(folder, 'nanwatch.db'), join(folder, 'config.json')]
  const log = join(logs, 'job', 'metrics.jsonl')
  mkdirSync(join(logs, 'job'), { recursive: true })
  writeFileSync(log, '')
  delivered.clear()
  const { port } = receiver.address() as AddressInfo
  const sinks = [{ type: 'webhook', name: 'receiver', url: `http://127.0.0.1:${port}/` }]
  writeFileSync(config, JSON.stringify({ database, paths: [logs], port: 0, sinks }))
  const daemon = start(way, ['watch', '--config', config, ...(way.endsWith('--json') ? ['--json'] : [])])
  try {
    const url = await urlOf(database)
    await daemon.takeAway()
    for (let step = 0; step < LINES; step++) appendFileSync(log, `{"step": ${step}, "loss": NaN}\n`)
    const holds = async (condition: () => Promise<boolean> | boolean) =>
      until(condition, PATIENCE_MS).then(
        () => true,
        () => false,
      )
    const isStored = await holds(async () => (await storedIn(database)) === LINES)
    const isDelivered = await holds(() => delivered.has('non-finite'))
    const isTold = await holds(async () => (await outputsGone(url)).length > 0)
    const isServed = (await statusAt(url)) !== null
    const isAlive = isRunning(daemon.pid)
    if (isAlive) process.kill(daemon.pid, 'SIGTERM')
    const code = await daemon.ended
    const failures = {
      died: !isAlive,
      unstored: !isStored,
      unserved: !isServed,
      untold: !isTold,
      undelivered: !isDelivered,
      badEnds: code !== 0,
    }
    return COUNTS.filter((name) => failures[name])
  } finally {
    if (isRunning(daemon.pid)) process.kill(daemon.pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function start(way: Way, args: readonly string[]): Watching {
  switch (way) {
    case 'its terminal is closed':
    case 'its terminal is closed, with --json':
      return inTerminal('foreground', args)
    case 'its terminal is closed, under nohup':
      return inTerminal('nohup', args)
    case 'its terminal is closed, disowned':
      return inTerminal('disowned', args)
    case 'the reader of stderr ends':
      return withPipe(2, 'cat', args)
    case 'the reader of stdout is head -1, with --json':
      return withPipe(1, 'head -1', args)
    case 'stderr is on a full disk':
      return onFullDisk(2, args)
    case 'stdout is on a full disk, with --json':
      return onFullDisk(1, args)
  }
}

function inTerminal(how: 'foreground' | 'nohup' | 'disowned', args: readonly string[]): Watching {
  const child = spawn('python3', [IN_TERMINAL, how, process.execPath, MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  let pid = 0
  const isStarted = said.next().then(({ value }) => {
    pid = Number(value)
  })
  return {
    get pid() {
      return pid
    },
    async takeAway() {
      await isStarted
      child.stdin!.end('\n')
    },
    ended: isStarted.then(() => said.next()).then(({ value }) => Number(value)),
  }
}

/** A real pipe: what Node calls one is a pair of sockets. */
function withPipe(fd: 1 | 2, reader: string, args: readonly string[]): Watching {
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-pipe-'))
  const pipe = join(folder, 'pipe')
  spawnSync('mkfifo', [pipe])
  const reading = spawn('sh', ['-c', `exec ${reader} < "$0"`, pipe], { stdio: 'ignore' })
  // Waits until the reader has opened it, too.
  const end = openSync(pipe, 'w')
  rmSync(folder, { recursive: true })
  const daemon = withOutput(fd, end, args)
  return {
    ...daemon,
    async takeAway() {
      if (reader === 'cat') reading.kill()
      if (reading.exitCode === null && reading.signalCode === null) await once(reading, 'exit')
    },
  }
}

function onFullDisk(fd: 1 | 2, args: readonly string[]): Watching {
  return { ...withOutput(fd, openSync('/dev/full', 'w'), args), takeAway: async () => undefined }
}

function withOutput(fd: 1 | 2, end: number, args: readonly string[]): Pick<Watching, 'pid' | 'ended'> {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', fd === 1 ? end : 'ignore', fd === 2 ? end : 'ignore'],
  })
  closeSync(end)
  const ended = once(child, 'exit').then(([code, signal]) => (signal === null ? Number(code) : -1))
  return { pid: child.pid!, ended }
}

async function webhooksInto(delivered: Set<string>): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (body.includes('non-finite')) delivered.add('non-finite')
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Where the daemon serves, by its database: its outputs may be gone from the beginning. */
async function urlOf(database: string): Promise<string> {
  let url: string | null = null
  await until(async () => {
    if (!existsSync(database)) return false
    const reader = await opened(database)
    if (reader === null) return false
    url = (await reader.daemon())?.url ?? null
    await reader.close()
    return url !== null && (await statusAt(url)) !== null
  }, PATIENCE_MS)
  return url!
}

async function storedIn(database: string): Promise<number> {
  const reader = await opened(database)
  if (reader === null) return 0
  const [[rows] = [0]] = [...reader.query('SELECT count(*) FROM samples').rows()]
  await reader.close()
  return Number(rows)
}

/** Null while the database is being made. */
async function opened(database: string) {
  try {
    return sqliteReader(database)
  } catch {
    return null
  }
}

async function outputsGone(url: string): Promise<readonly string[]> {
  const problems = (await statusAt(url))?.problems ?? []
  return problems
    .filter(({ where, since }) => where.startsWith('standard ') && Date.parse(since) <= Date.now())
    .map(({ where }) => where)
}

async function statusAt(url: string): Promise<{ problems: { where: string; since: string }[] } | null> {
  try {
    const response = await fetch(new URL('/api/status', url), { signal: AbortSignal.timeout(5000) })
    return (await response.json()) as { problems: { where: string; since: string }[] }
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
