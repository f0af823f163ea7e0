import { appendFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { BUILT_IN } from '../../src/core/formats/format-set.ts'
import { SYSTEM_CLOCK } from '../../src/daemon/clocks.ts'
import { Intake, type IntakeOptions } from '../../src/daemon/poll/intake.ts'
import type { Alert } from '../../src/protocol/alert.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Processes } from '../../src/tail/processes.ts'
import { tempFolder } from '../temp-folder.ts'
import { noFileEvents } from './following.ts'

const DAY_MS = 86_400_000
/** Silence for so long is a stall, unless the clock that only goes on is set on. */
const LIMIT_MS = 100_000
const PASSING_MS = 25_000

interface Watched {
  readonly log: string
  readonly alerts: () => Promise<Pick<Alert, 'severity' | 'state'>[]>
  readonly ids: () => Promise<string[]>
  readonly state: () => Promise<string | undefined>
  /** The states that the run came into, in their order. */
  readonly states: string[]
  /** Lets time pass in pieces between which the runs are judged. */
  readonly pass: (ms: number) => Promise<void>
  /** Lets time pass in which nothing runs. */
  readonly sleep: (ms: number) => Promise<void>
  /** The process that holds the log ends. */
  readonly endProcess: () => void
  /** It ends, and the job is started again: another process holds the log. */
  readonly startAgain: () => void
  /** It writes on where it cannot be seen. */
  readonly hideProcess: () => void
  readonly setWall: (byMs: number) => void
  readonly write: (text: string) => Promise<void>
  /** Puts another log in its place, which was written so long ago. */
  readonly replace: (text: string, writtenAgoMs: number) => Promise<void>
  /** Stops the daemon, and starts another one after so long. */
  readonly restart: (awayMs: number) => Promise<void>
}

/** A run of which a first line was read that is old news, and then those that the test writes. */
async function watched({ idleAfterMs = DAY_MS * 30, isHeld = true, firstMs = LIMIT_MS } = {}): Promise<Watched> {
  const folder = await tempFolder()
  const log = join(folder, 'train.log')
  const database = join(await tempFolder(), 'nanwatch.db')
  await writeFile(log, 'step 0 loss 0.5\n')
  const store = sqliteStore(database)
  const reader = sqliteReader(database)
  let passedMs = 0
  let wallMs = 0
  let judged = 0
  const states: string[] = []
  const clock = { wallMs: () => SYSTEM_CLOCK.wallMs() + wallMs, steadyMs: () => SYSTEM_CLOCK.steadyMs() + passedMs }
  const seen = processesOf(log, isHeld, clock.steadyMs)
  const stall = { leastMs: LIMIT_MS, firstMs }
  const fileEvents = {
    ...noFileEvents(),
    takeDirty: () => {
      judged++
      return new Set([log])
    },
  }
  const options: IntakeOptions = {
    roots: [log],
    exclude: [],
    sweepMs: 50,
    idleAfterMs,
    rules: { epsilon: 1e-10, detectors: { stall }, formats: BUILT_IN },
    sinks: [],
    store,
    care: store,
    fileEvents,
    onCommit: ({ entries }) => {
      states.push(...entries.flatMap((entry) => (entry.type === 'run' ? [entry.state] : [])))
    },
    onUnsaved: () => undefined,
    onReadAhead: () => undefined,
    onProblem: () => undefined,
    onRecovered: () => undefined,
    clock,
    processes: seen.processes,
  }
  const start = async () => {
    const stop = new AbortController()
    const ended = (await Intake.open(options)).run(stop.signal)
    return () => {
      stop.abort()
      return ended
    }
  }
  let stop = await start()
  onTestFinished(async () => {
    await stop()
    await reader.close()
    await store.close()
  })
  const sleep = async (ms: number) => {
    passedMs += ms
    const before = judged
    // A whole round began after the clock was set on.
    await eventually(() => expect(judged).toBeGreaterThan(before + 1))
  }
  const samples = async () => (await reader.runs())[0]?.samples ?? 0
  await eventually(async () => expect(await samples()).toBe(1))
  const untilRead = async (change: () => Promise<void>) => {
    const before = await samples()
    await change()
    await eventually(async () => expect(await samples()).toBeGreaterThan(before))
  }
  return {
    log,
    alerts: async () => (await reader.alerts({})).map(({ severity, state }) => ({ severity, state })),
    ids: async () => (await reader.alerts({})).map(({ id }) => id),
    states,
    state: async () => (await reader.runs())[0]?.state,
    async restart(awayMs) {
      await stop()
      wallMs += awayMs
      stop = await start()
    },
    endProcess: seen.end,
    hideProcess: seen.hide,
    startAgain: seen.startAgain,
    setWall: (byMs) => {
      wallMs = byMs
    },
    sleep,
    async pass(ms) {
      for (let leftMs = ms; leftMs > 0; leftMs -= PASSING_MS) await sleep(Math.min(leftMs, PASSING_MS))
    },
    write: (text) => untilRead(() => appendFile(log, text)),
    replace: (text, writtenAgoMs) =>
      untilRead(async () => {
        const other = join(folder, 'other')
        const writtenAt = new Date(Date.now() - writtenAgoMs)
        await writeFile(other, text)
        await utimes(other, writtenAt, writtenAt)
        await rename(other, log)
      }),
  }
}

/** A process that holds a log open for writing, until it ends; or none. */
function processesOf(log: string, isHeld: boolean, steadyMs: () => number) {
  let isAlive = isHeld
  let beganMs = Number.NEGATIVE_INFINITY
  let isHidden = false
  let holder = { pid: 4711, name: 'python3', link: '/proc/4711/fd/1', path: log, key: 'key' }
  const processes: Processes = {
    place: 'here',
    holdersOf: async (paths) => new Map(isAlive && [...paths].includes(log) ? [[log, [holder]]] : []),
    stillHolds: ({ pid }) => isAlive && pid === holder.pid,
    mayWriteOn: () => isHidden,
    beganMs: () => null,
    ageMs: () => steadyMs() - beganMs,
    programsOf: () => [],
    hasStartedAnother: () => false,
    lives: () => isAlive || isHidden,
  }
  return {
    processes,
    end: () => {
      isAlive = false
    },
    startAgain: () => {
      holder = { ...holder, pid: holder.pid + 1 }
      isAlive = true
      beganMs = steadyMs()
    },
    hide: () => {
      isAlive = false
      isHidden = true
    },
  }
}

function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 5 })
}

test('a run that goes silent is a warning, then critical, and resolved once it is written to again', async () => {
  const { alerts, pass, write } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(LIMIT_MS - PASSING_MS)
  expect(await alerts()).toEqual([])
  await pass(PASSING_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
  await pass(LIMIT_MS)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }]))
  await write('step 2 loss 0.5\n')
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'resolved' }]))
}, 60_000)

test('a job that is started again on its old log hangs no sooner than one that begins', async () => {
  const { alerts, pass, write, startAgain } = await watched({ firstMs: 3 * LIMIT_MS })
  // More lines than it takes to know a pace.
  for (let step = 1; step < 12; step++) await write(`step ${step} loss 0.${99 - step}\n`)
  await pass(LIMIT_MS - PASSING_MS)
  startAgain()
  await pass(3 * LIMIT_MS - PASSING_MS)
  expect(await alerts()).toEqual([])
  await pass(PASSING_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
}, 60_000)

test('how long a job that is started again takes to begin is no pace of its training', async () => {
  const { alerts, pass, write, startAgain } = await watched({ firstMs: 5 * LIMIT_MS })
  for (let step = 1; step < 12; step++) await write(`step ${step} loss 0.${99 - step}\n`)
  await pass(PASSING_MS)
  startAgain()
  await pass(2 * LIMIT_MS)
  await write('step 12 loss 0.5\n')
  await pass(LIMIT_MS + PASSING_MS)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
}, 60_000)

test('a job that hangs, and is started again, hangs no more until it is silent for too long itself', async () => {
  const { alerts, pass, state, write, startAgain } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(2 * LIMIT_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }]))
  expect(await state()).toBe('stalled')
  startAgain()
  await pass(PASSING_MS)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'resolved' }]))
  await eventually(async () => expect(await state()).toBe('running'))
  await pass(LIMIT_MS)
  await eventually(async () => expect((await alerts()).map(({ state }) => state)).toContain('firing'))
}, 60_000)

test('a job that is started again long after its end, and hangs before it writes anything, is seen', async () => {
  const { alerts, pass, state, write, endProcess, startAgain } = await watched({ firstMs: 5 * LIMIT_MS })
  for (let step = 1; step < 12; step++) await write(`step ${step} loss 0.${99 - step}\n`)
  await pass(PASSING_MS)
  endProcess()
  await pass(PASSING_MS)
  await eventually(async () => expect(await state()).toBe('ended'))
  await pass(LIMIT_MS)
  startAgain()
  await pass(3 * LIMIT_MS)
  await eventually(async () => expect(await state()).toBe('running'))
  expect(await alerts()).toEqual([])
  await pass(3 * LIMIT_MS)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
}, 60_000)

test('a log that is deleted while it is silent has not been written to: the stall goes on', async () => {
  const { log, alerts, pass, write } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(LIMIT_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
  await rm(log)
  await pass(LIMIT_MS)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }]))
}, 60_000)

test('a log that did not grow while it was watched does not stall', async () => {
  const { alerts, pass } = await watched()
  await pass(3 * LIMIT_MS)
  expect(await alerts()).toEqual([])
}, 60_000)

test('an old log that is put in its place does not stall, and one that was written just now does', async () => {
  for (const [writtenAgoMs, stalls] of [
    [120_000, 0],
    [0, 1],
  ] as const) {
    const { alerts, pass, replace } = await watched()
    await replace('step 1 loss 0.5\n', writtenAgoMs)
    await pass(LIMIT_MS + PASSING_MS)
    await eventually(async () => expect(await alerts()).toHaveLength(stalls))
  }
}, 60_000)

test('a run that said that it had finished, or how it died, does not stall', async () => {
  for (const words of ['Training finished\n', 'Killed\n']) {
    const { alerts, pass, write, log, state } = await watched()
    await write('step 1 loss 0.5\n')
    await appendFile(log, words)
    await eventually(async () => expect(await state()).toBe(words === 'Killed\n' ? 'crashed' : 'finished'))
    const before = await alerts()
    await pass(3 * LIMIT_MS)
    expect(await alerts()).toEqual(before)
  }
}, 120_000)

test('a log that is emptied and written anew has not stalled', async () => {
  const { alerts, pass, write, log } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(LIMIT_MS - PASSING_MS)
  await truncate(log, 0)
  await write('step 2 loss 0.4\n')
  await pass(LIMIT_MS - PASSING_MS)
  expect(await alerts()).toEqual([])
}, 60_000)

for (const [name, jumpMs] of [
  ['forward', DAY_MS],
  ['back', -DAY_MS],
] as const) {
  test(`a clock that is set ${name} by a day is no silence`, async () => {
    const { alerts, pass, write, setWall } = await watched()
    await write('step 1 loss 0.5\n')
    setWall(jumpMs)
    await pass(LIMIT_MS - PASSING_MS)
    await write('step 2 loss 0.5\n')
    await pass(LIMIT_MS - PASSING_MS)
    expect(await alerts()).toEqual([])
  }, 60_000)
}

test('a machine that was asleep has seen no silence', async () => {
  const { alerts, pass, sleep, write } = await watched()
  await write('step 1 loss 0.5\n')
  await sleep(DAY_MS)
  expect(await alerts()).toEqual([])
  await pass(LIMIT_MS - PASSING_MS)
  expect(await alerts()).toEqual([])
  await pass(PASSING_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
}, 60_000)

test('a daemon that was started again knows the pace of a run, and counts its silence from then on', async () => {
  const { alerts, pass, write, restart } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(LIMIT_MS - PASSING_MS)
  await restart(60_000)
  await pass(LIMIT_MS - PASSING_MS)
  expect(await alerts()).toEqual([])
  await pass(PASSING_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
  await restart(60_000)
  await pass(2 * LIMIT_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }]))
}, 60_000)

test('a daemon that was away for hours does not call silent what may have ended meanwhile', async () => {
  const { alerts, pass, write, restart } = await watched({ isHeld: false })
  await write('step 1 loss 0.5\n')
  await restart(2 * 3_600_000)
  await pass(3 * LIMIT_MS)
  expect(await alerts()).toEqual([])
}, 60_000)

test('where no process is seen to hold the log, a silent run is lost: one warning, and never critical', async () => {
  const { alerts, pass, write, state } = await watched({ isHeld: false, idleAfterMs: 2 * LIMIT_MS })
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await write('step 2 loss 0.5\n')
  await pass(2 * LIMIT_MS - PASSING_MS)
  expect(await alerts()).toEqual([])
  expect(await state()).toBe('running')
  await pass(PASSING_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
  expect(await state()).toBe('lost')
  await pass(4 * LIMIT_MS)
  expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }])
  await write('step 3 loss 0.5\n')
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'resolved' }]))
  expect(await state()).toBe('running')
}, 60_000)

test('a run whose process is gone has ended: that is no alert, and the end of its stall', async () => {
  const { alerts, pass, write, state, endProcess } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(LIMIT_MS + 1000)
  await eventually(async () => expect(await state()).toBe('stalled'))
  endProcess()
  await pass(10_000)
  await eventually(async () => expect(await state()).toBe('ended'))
  expect(await alerts()).toEqual([{ severity: 'warning', state: 'resolved' }])
  await pass(4 * LIMIT_MS)
  expect(await alerts()).toEqual([{ severity: 'warning', state: 'resolved' }])
}, 60_000)

test('an exception at the end of a log was not caught once its process is gone', async () => {
  const { alerts, pass, write, state, log, endProcess } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await appendFile(log, 'RuntimeError: CUDA out of memory. Tried to allocate 2 GiB\n')
  await pass(5000)
  expect(await alerts()).toEqual([])
  endProcess()
  await pass(10_000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }]))
  expect(await state()).toBe('crashed')
}, 60_000)

const TRACEBACK =
  'Traceback (most recent call last):\n  File "fit.py", line 3, in <module>\n    fit()\nOSError: no route\n'

test('a traceback in a log that a process holds waits until that is gone', async () => {
  const { alerts, pass, write, state, states, log, endProcess } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await appendFile(log, TRACEBACK)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'info', state: 'firing' }]))
  await pass(5000)
  await write('step 2 loss 0.5\n')
  expect(await alerts()).toEqual([{ severity: 'info', state: 'resolved' }])
  await appendFile(log, TRACEBACK)
  await eventually(async () => expect(await alerts()).toContainEqual({ severity: 'info', state: 'firing' }))
  expect(await state()).toBe('running')
  endProcess()
  await pass(10_000)
  await eventually(async () => expect(await alerts()).toContainEqual({ severity: 'critical', state: 'firing' }))
  expect(states).toEqual(['running', 'crashed'])
}, 60_000)

test('a traceback that stays the last word for a minute is told while a process holds the log', async () => {
  const { alerts, pass, write, state, log, restart } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await appendFile(log, TRACEBACK)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'info', state: 'firing' }]))
  await restart(0)
  await pass(50_000)
  expect(await alerts()).toEqual([{ severity: 'info', state: 'firing' }])
  await pass(15_000)
  await eventually(async () => expect(await state()).toBe('crashed'))
  expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }])
}, 60_000)

test('a log that was silent below a traceback as it was first read is judged by what it says', async () => {
  const { pass, state, replace } = await watched()
  await replace(`step 1 loss 0.5\n${TRACEBACK}trying again\n`, 120_000)
  await pass(10_000)
  await eventually(async () => expect(await state()).toBe('crashed'))
}, 60_000)

test('a traceback whose process ended while no daemon ran is told', async () => {
  const { alerts, pass, write, state, log, restart, endProcess } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await appendFile(log, TRACEBACK)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'info', state: 'firing' }]))
  endProcess()
  await restart(5000)
  await pass(10_000)
  await eventually(async () => expect(await state()).toBe('crashed'))
  expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }])
}, 60_000)

test('a job that hangs after an exception that it has caught is stalled', async () => {
  const { alerts, pass, write, state, log } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await appendFile(log, `${TRACEBACK}trying again\n`)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'info', state: 'firing' }]))
  await pass(LIMIT_MS + PASSING_MS)
  await eventually(async () => expect(await state()).toBe('stalled'))
}, 60_000)

test('a traceback in a log that nobody was seen to hold waits as well, and is told after a minute', async () => {
  const { alerts, pass, write, state, log } = await watched({ isHeld: false })
  await write('step 1 loss 0.5\n')
  await pass(5000)
  await appendFile(log, TRACEBACK)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'info', state: 'firing' }]))
  await pass(5000)
  await write('step 2 loss 0.5\n')
  expect(await alerts()).toEqual([{ severity: 'info', state: 'resolved' }])
  await appendFile(log, TRACEBACK)
  await eventually(async () => expect(await alerts()).toContainEqual({ severity: 'info', state: 'firing' }))
  expect(await state()).toBe('running')
  await pass(65_000)
  await eventually(async () => expect(await state()).toBe('crashed'))
  expect(await alerts()).toContainEqual({ severity: 'critical', state: 'firing' })
}, 60_000)

test('a process that ended while no daemon ran is known to be gone', async () => {
  const { alerts, pass, write, state, restart, endProcess } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(10_000)
  await eventually(async () => expect(await state()).toBe('running'))
  endProcess()
  await restart(60_000)
  await pass(10_000)
  await eventually(async () => expect(await state()).toBe('ended'))
  expect(await alerts()).toEqual([])
}, 60_000)

test('a process that still holds its log after hours is silent from the start of the daemon on', async () => {
  const { alerts, pass, write, state, restart } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(10_000)
  await restart(5 * 3_600_000)
  await pass(LIMIT_MS + 1000)
  await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
  expect(await state()).toBe('stalled')
}, 60_000)

test('a log that came as a whole, and that no process is seen to hold, has ended and is not lost', async () => {
  const { alerts, pass, write } = await watched({ isHeld: false, idleAfterMs: 2 * LIMIT_MS })
  await write('step 1 loss 0.5\n')
  await write('step 2 loss 0.5\n')
  await pass(6 * LIMIT_MS)
  expect(await alerts()).toEqual([])
}, 60_000)

test('a run that is written on by a process that cannot be seen has not ended for the next daemon', async () => {
  const { pass, write, state, states, restart, endProcess } = await watched({ isHeld: true, idleAfterMs: 2 * LIMIT_MS })
  await write('step 1 loss 0.5\n')
  await pass(10_000)
  endProcess()
  await pass(10_000)
  await eventually(async () => expect(await state()).toBe('ended'))
  for (let step = 2; step < 8; step++) {
    await write(`step ${step} loss 0.${99 - step}\n`)
    await pass(5000)
  }
  await eventually(async () => expect(await state()).toBe('running'))
  states.length = 0
  await restart(60_000)
  await pass(2 * LIMIT_MS + 1000)
  await eventually(async () => expect(await state()).toBe('lost'))
  expect(states).toEqual(['lost'])
}, 60_000)

test('a run that hangs is still told to hang after a restart, and never to run', async () => {
  const { alerts, pass, write, state, states, restart } = await watched()
  await write('step 1 loss 0.5\n')
  await pass(LIMIT_MS + 1000)
  await eventually(async () => expect(await state()).toBe('stalled'))
  states.length = 0
  await restart(60_000)
  await pass(10_000)
  expect(states).toEqual([])
  expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }])
}, 60_000)

test('a critical silence becomes a warning where its process cannot be seen any more, in the same alert', async () => {
  for (const awayMs of [0, 4 * LIMIT_MS, 5 * 3_600_000]) {
    const { alerts, ids, pass, write, state, states, hideProcess, restart } = await watched()
    await write('step 1 loss 0.5\n')
    await pass(2 * LIMIT_MS + 1000)
    await eventually(async () => expect(await alerts()).toEqual([{ severity: 'critical', state: 'firing' }]))
    const before = await ids()
    states.length = 0
    hideProcess()
    if (awayMs > 0) await restart(awayMs)
    await pass(10_000)
    await eventually(async () => expect(await alerts()).toEqual([{ severity: 'warning', state: 'firing' }]))
    expect(await ids()).toEqual(before)
    expect(await state()).toBe('lost')
    expect(states).toEqual(['lost'])
  }
}, 120_000)

test('a run whose log ends with a sign of the end is told to have finished once, whoever watches', async () => {
  for (const isHeld of [true, false]) {
    const { log, pass, write, state, states, restart } = await watched({ isHeld, idleAfterMs: LIMIT_MS })
    await write('step 1 loss 0.5\n')
    await pass(5000)
    await write('step 2 loss 0.5\n')
    await appendFile(log, 'Model saved to out/model.pt\n')
    await pass(LIMIT_MS + PASSING_MS)
    await eventually(async () => expect(await state()).toBe('finished'))
    states.length = 0
    await restart(60_000)
    await pass(LIMIT_MS + PASSING_MS)
    expect(states).toEqual([])
    await write('step 3 loss 0.5\n')
    await eventually(async () => expect(await state()).toBe('running'))
  }
}, 120_000)
