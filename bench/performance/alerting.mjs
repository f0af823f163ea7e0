// How long a line with a NaN takes to be an alert at a client of the WebSocket, with nothing else to do.
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pauseMs } from 'node:timers/promises'
import WebSocket from 'ws'
import { quantile } from '../spread.mjs'
import { atMost, inTurn, plainFigure } from './figures.mjs'
import { startDaemon, stored } from './processes.mjs'

const ALERTS = 200
/** The first ones find code that was never run, and are not counted. */
const WARM_UP = 10
const PAUSE_MS = 60
const SETTLE_MS = 2000
const ARRIVES_WITHIN_MS = 30_000

export const alerting = [{ name: 'alert', work: 'a line with a NaN → what is told of it', measure }]

async function measure(bench) {
  const { alerts, tails } = await inTurn(bench, { alerts: () => alertsMs(bench), tails: () => tailsMs(bench) })
  const of = (rounds, share) => rounds.map((taken) => quantile(taken, share))
  const figure = (what, goal, values) => plainFigure({ what, goal, values, unit: 'ms' })
  return [
    figure('WebSocket, p50', atMost(3), of(alerts, 0.5)),
    figure('WebSocket, p99', atMost(8), of(alerts, 0.99)),
    figure('`tail -F` into a pipe, p50', null, of(tails, 0.5)),
    figure('`tail -F` into a pipe, p99', null, of(tails, 0.99)),
  ]
}

/** Each alert is of a job of its own, so that none is a part of another. */
async function alertsMs(bench) {
  const folder = mkdtempSync(join(bench.folder, 'alerts-'))
  const database = join(folder, 'nanwatch.db')
  const paths = Array.from({ length: WARM_UP + ALERTS }, (_, job) => join(folder, 'runs', `job-${job}`, 'train.jsonl'))
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '{"step": 1, "loss": 1.5}\n{"step": 2, "loss": 1.4}\n')
  }
  const daemon = await startDaemon(bench.own, join(folder, 'runs'), database)
  const told = await alertsOf(daemon.url)
  try {
    await stored(database, 2 * paths.length)
    await pauseMs(SETTLE_MS)
    const taken = []
    for (const path of paths) {
      await pauseMs(PAUSE_MS)
      taken.push(
        await msUntil(
          told.next((alert) => alert.file === path),
          path,
          '{"step": 3, "loss": NaN}\n',
        ),
      )
    }
    return taken.slice(WARM_UP)
  } finally {
    told.close()
    await daemon.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tailsMs(bench) {
  const folder = mkdtempSync(join(bench.folder, 'tail-'))
  const path = join(folder, 'train.jsonl')
  writeFileSync(path, '')
  const tail = spawn('tail', ['-n', '0', '-F', path], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    await pauseMs(SETTLE_MS)
    const taken = []
    for (let line = 0; line < WARM_UP + ALERTS; line++) {
      await pauseMs(PAUSE_MS)
      const arrived = new Promise((resolve) => tail.stdout.once('data', resolve))
      taken.push(await msUntil(arrived, path, '{"step": 3, "loss": NaN}\n'))
    }
    return taken.slice(WARM_UP)
  } finally {
    tail.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function msUntil(arrived, path, line) {
  const before = performance.now()
  appendFileSync(path, line)
  const late = new AbortController()
  const tooLate = pauseMs(ARRIVES_WITHIN_MS, 'late', { signal: late.signal }).catch(() => 'in time')
  const first = await Promise.race([arrived.then(() => 'arrived'), tooLate])
  const ms = performance.now() - before
  late.abort()
  if (first === 'late') throw new Error(`${path}: nothing was told of its last line`)
  return ms
}

/** A client that has all entries, and waits for the next firing alert of a kind. */
async function alertsOf(url) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let waiting = null
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.type !== 'entries' || waiting === null) return
    const alerts = message.entries.filter(({ type }) => type === 'alert').map(({ alert }) => alert)
    if (alerts.some((alert) => alert.state === 'firing' && waiting.is(alert))) waiting.resolve()
  })
  socket.send(JSON.stringify({ type: 'hello', epoch: null, lastSeq: 0 }))
  return {
    next: (is) =>
      new Promise((resolve) => {
        waiting = { is, resolve }
      }),
    close: () => socket.close(),
  }
}
