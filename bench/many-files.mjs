/**
 * What many quiet files cost: starts the daemon on FILES small files and prints
 * its memory, its share of one core while idle, its descriptors and watches,
 * and how long appends to some of the files take to be stored, and how much of
 * the processor: that tells more where other programs are busy (Linux only).
 *
 *     npm run --silent build && node bench/many-files.mjs [FILES] [APPENDS] [PROCESSES]
 *
 * So many other processes run beside it, which the daemon looks through to see who writes to the files.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pauseMs } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { secondsOf } from './processor-time.mjs'

const FILES = Number(process.argv[2] ?? 10_000)
const APPENDS = Math.min(FILES, Number(process.argv[3] ?? 1000))
const PROCESSES = Number(process.argv[4] ?? 2000)
const FILES_A_FOLDER = 100
const IDLE_MS = 20_000
const DEADLINE_MS = 120_000

const folder = mkdtempSync(join(tmpdir(), 'nanwatch-bench-'))
const root = join(folder, 'runs')
const database = join(folder, 'nanwatch.db')
const paths = Array.from({ length: FILES }, (_, i) => {
  const job = join(root, `job-${Math.floor(i / FILES_A_FOLDER)}`)
  mkdirSync(job, { recursive: true })
  const path = join(job, `${i}.jsonl`)
  writeFileSync(path, '{"step": 0, "loss": 1}\n')
  return path
})

const bystanders = Array.from({ length: PROCESSES }, () => spawn('sleep', ['3600'], { stdio: 'ignore' }))

const main = new URL('../dist/main.js', import.meta.url).pathname
const arguments_ = [main, 'watch', root, '--db', database, '--port', '0', '--json']
const startedMs = performance.now()
const daemon = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  await new Promise((resolve) => daemon.stdout.once('data', resolve))
  daemon.stdout.resume()
  const db = new Database(database, { readonly: true })
  const countSamples = db.prepare('SELECT coalesce(sum(samples), 0) FROM series').pluck()
  await stored(countSamples, FILES)
  print('all files read', `${seconds(performance.now() - startedMs)} s`)

  // What the first reading left behind is no idle cost.
  await pauseMs(5000)
  const before = secondsOf(daemon.pid)
  await pauseMs(IDLE_MS)
  print('CPU when idle', `${(((secondsOf(daemon.pid) - before) / (IDLE_MS / 1000)) * 100).toFixed(1)} % of one core`)
  print('resident memory', `${memoryMib()} MiB`)
  const descriptors = readdirSync(`/proc/${daemon.pid}/fd`)
  print('descriptors', descriptors.length)
  const watches = descriptors.map((fd) => proc(`fdinfo/${fd}`).match(/^inotify wd:/gm)?.length ?? 0)
  print(
    'inotify watches',
    watches.reduce((a, b) => a + b, 0),
  )

  const beforeAppends = secondsOf(daemon.pid)
  const chosen = [...paths].sort(() => Math.random() - 0.5).slice(0, APPENDS)
  const appendedMs = performance.now()
  for (const path of chosen) appendFileSync(path, '{"step": 1, "loss": 1}\n')
  await stored(countSamples, FILES + APPENDS)
  print(`${APPENDS} appends stored after`, `${seconds(performance.now() - appendedMs)} s`)
  print('CPU for them', `${(secondsOf(daemon.pid) - beforeAppends).toFixed(2)} s`)
  print('resident memory after them', `${memoryMib()} MiB`)
  db.close()
} finally {
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  daemon.kill('SIGTERM')
  await ended
  for (const bystander of bystanders) bystander.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function stored(countSamples, samples) {
  const deadline = performance.now() + DEADLINE_MS
  while (countSamples.get() < samples) {
    if (performance.now() > deadline) throw new Error(`${countSamples.get()} of ${samples} stored at the deadline`)
    await pauseMs(10)
  }
}

function memoryMib() {
  return (Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024).toFixed(0)
}

function proc(name) {
  try {
    return readFileSync(`/proc/${daemon.pid}/${name}`, 'utf8')
  } catch (error) {
    // A descriptor that was closed since it was listed.
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

function seconds(ms) {
  return (ms / 1000).toFixed(2)
}

function print(what, figure) {
  process.stdout.write(`${what}: ${figure}\n`)
}
