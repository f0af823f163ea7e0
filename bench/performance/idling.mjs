// The memory of a daemon that has read a few logs and waits, beside that of Node which waits.
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pauseMs } from 'node:timers/promises'
import { atMost, costFigure, inTurn } from './figures.mjs'
import { NODE, startDaemon, stored } from './processes.mjs'

const FILES = 5
const LINES = 2000
const WAIT_MS = 30_000

export const idling = [{ name: 'idle-memory', work: 'memory of a daemon that waits', measure }]

async function measure(bench) {
  const input = bench.input('json3', { lines: LINES })
  const { both } = await inTurn(bench, { both: () => residentMib(bench, input) })
  return [
    costFigure({
      beside: 'bare Node',
      goal: atMost(1.8),
      ours: both.map(({ ours }) => ours),
      theirs: both.map(({ theirs }) => theirs),
      unit: 'MiB',
    }),
  ]
}

async function residentMib(bench, input) {
  const folder = mkdtempSync(join(bench.folder, 'idle-'))
  const database = join(folder, 'nanwatch.db')
  for (let job = 0; job < FILES; job++) {
    const path = join(folder, 'runs', `job-${job}`, 'metrics.jsonl')
    mkdirSync(dirname(path), { recursive: true })
    copyFileSync(input.path, path)
  }
  const bare = spawn(NODE, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' })
  const daemon = await startDaemon(bench.own, join(folder, 'runs'), database)
  try {
    const settled = pauseMs(WAIT_MS)
    await stored(database, FILES * input.samples)
    await settled
    return { ours: residentMibOf(daemon.pid), theirs: residentMibOf(bare.pid) }
  } finally {
    bare.kill()
    await daemon.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function residentMibOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
}
