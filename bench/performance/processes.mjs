// What programs take that run to their end, and daemons that follow a folder.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as pauseMs } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { endedChildrenSeconds } from '../processor-time.mjs'

export const NODE = process.execPath
export const PYTHON = process.env.PYTHON ?? 'python3'
const PEERS = fileURLToPath(new URL('peers.py', import.meta.url))
/** `check` and `status` end so where an alert fires. */
const ALERTS_FIRE = 3
const POLL_MS = 20
const STORED_WITHIN_MS = 30 * 60_000

/** Runs a program and gives the processor time of all of it, in seconds. */
export function run(command, args, { input = 'ignore', env = {} } = {}) {
  const before = endedChildrenSeconds()
  const child = spawnSync(command, args, { stdio: [input, 'ignore', 'pipe'], env: { ...process.env, ...env } })
  const { status, error, stderr } = child
  if (error !== undefined) throw error
  if (status !== 0 && status !== ALERTS_FIRE) throw new Error(`${command} ${args.join(' ')}: ${lastLine(stderr)}`)
  return endedChildrenSeconds() - before
}

/** The same of a program that prints one object of JSON, with what it says. */
export function ask(command, args) {
  const before = endedChildrenSeconds()
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${lastLine(stderr)}`)
  return { seconds: endedChildrenSeconds() - before, ...JSON.parse(stdout) }
}

/** One of the works of `peers.py`. */
export function askPeer(work, ...args) {
  return ask(PYTHON, [PEERS, work, ...args.map(String)])
}

function lastLine(text) {
  return String(text).trim().split('\n').at(-1)
}

/** Starts `nanwatch watch` on a folder and waits until it is ready. */
export async function startDaemon({ main }, root, database) {
  const args = [main, 'watch', root, '--db', database, '--port', '0', '--json']
  const child = spawn(NODE, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const first = await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
  if (!Buffer.isBuffer(first)) throw new Error(`nanwatch watch ended with ${first}`)
  child.stdout.resume()
  const { url } = JSON.parse(String(first).split('\n')[0])
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal)
    await ended
  }
  return { pid: child.pid, url, stop }
}

/** Waits until a database holds so many samples. It is written all the while. */
export async function stored(database, samples) {
  const db = new Database(database, { readonly: true })
  try {
    const count = db.prepare('SELECT coalesce(sum(samples), 0) FROM series').pluck()
    const deadline = performance.now() + STORED_WITHIN_MS
    while (count.get() < samples) {
      if (performance.now() > deadline) throw new Error(`${count.get()} of ${samples} samples stored at the deadline`)
      await pauseMs(POLL_MS)
    }
    if (count.get() > samples) throw new Error(`${count.get()} samples stored, where ${samples} were written`)
  } finally {
    db.close()
  }
}

/** What a database takes on the disk once all of it is in one file. */
export function checkpoint(database) {
  const db = new Database(database)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  if (existsSync(`${database}-wal`)) throw new Error(`${database}: its log is still there`)
}
