import { describe, expect, test } from 'vitest'
import { IntervalsByRun } from '../../src/core/job/intervals-by-run.ts'
import type { SavedWriter, WritingProcess } from '../../src/core/job/writer.ts'
import { EMPTY_MEMORY } from '../../src/core/state/run-memory.ts'
import { NOT_JUDGED } from '../../src/core/state/saved-run.ts'
import { WritersByRun } from '../../src/daemon/poll/writers-by-run.ts'
import type { OpenForWriting } from '../../src/tail/processes.ts'

const LOG = '/runs/a/train.log'
const METRICS = '/runs/a/metrics.jsonl'
const CONFIG = '/runs/a/config.json'

function savedRun(writer?: SavedWriter) {
  const memory = writer === undefined ? EMPTY_MEMORY : { ...EMPTY_MEMORY, writer }
  return { ...NOT_JUDGED, run: 'a', memory, backfill: false, lastReadAt: '2026-03-01T12:00:00.000Z' }
}

/** One run on a machine whose processes the test starts and ends. */
class Machine {
  looks = 0
  /** Whether a process that no longer holds the log writes on, unseen. */
  isElsewhere = false
  readonly intervals = new IntervalsByRun()
  /** The processes that live on, though they hold no log any more. */
  readonly living = new Set<number>()
  /** How processes are called, where not `python3`. */
  readonly names = new Map<number, string>()
  /** Who started a process. */
  readonly starters = new Map<number, number>()
  readonly #run: ReturnType<typeof savedRun>
  readonly writers: WritersByRun
  #holders: OpenForWriting[] = []
  #writtenMs = 0

  constructor(writer?: SavedWriter) {
    this.#run = savedRun(writer)
    const processes = {
      place: 'here',
      holdersOf: async () => {
        this.looks++
        const paths = [...new Set(this.#holders.map(({ path }) => path))]
        return new Map(paths.map((path) => [path, this.#holders.filter((holder) => holder.path === path)]))
      },
      stillHolds: (holder: OpenForWriting) => this.#holders.includes(holder),
      mayWriteOn: () => this.isElsewhere,
      beganMs: ({ pid }: { pid: number }) => 1000 * pid,
      ageMs: ({ pid }: { pid: number }) => 100_000 - 1000 * pid,
      programsOf: ({ pid }: { pid: number }) => [
        pid,
        ...[this.starters.get(pid)].filter((starter) => starter !== undefined),
      ],
      hasStartedAnother: ({ pid }: OpenForWriting, sinceMs: number) =>
        [...this.starters].some(([child, starter]) => starter === pid && 1000 * child > sinceMs),
      lives: ({ pid }: WritingProcess) => this.living.has(pid),
    }
    this.writers = new WritersByRun(processes, [this.#run])
  }

  start(...pids: readonly number[]): void {
    this.hold(...pids.map((pid) => [pid, LOG] as const))
  }

  /** Processes begin that hold these files. */
  hold(...held: readonly (readonly [pid: number, path: string])[]): void {
    this.#holders = held.map(([pid, path]) => ({
      pid,
      name: this.names.get(pid) ?? 'python3',
      link: '',
      path,
      key: '',
    }))
  }

  end(): void {
    this.#holders = []
  }

  write(atMs: number, path = LOG): void {
    this.#writtenMs = atMs
    this.intervals.noteLines({ run: 'a', path, hint: { isPause: false } }, atMs)
  }

  /** Writes once a second, and looks once in two. */
  async goOn(path: string, fromMs: number, untilMs: number): Promise<void> {
    for (let ms = fromMs; ms < untilMs; ms += 2000) {
      this.write(ms, path)
      this.write(ms + 1000, path)
      await this.look(ms + 1000)
    }
  }

  async look(atMs: number): Promise<string> {
    await this.writers.look(
      [this.#run.run],
      this.intervals,
      () => new Map([['a', [LOG, `${LOG}.err`]]]),
      atMs,
      () => this.#writtenMs,
    )
    return this.state
  }

  get state(): string {
    const writer = this.writers.of('a')
    return writer.kind === 'unseen' ? 'unseen' : `${writer.kind} ${writer.process.pid}`
  }
}

describe('who writes to a run', () => {
  test('is looked for once, and then asked for alone', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    expect(await machine.look(0)).toBe('alive 7')
    for (let ms = 2000; ms < 100_000; ms += 2000) expect(await machine.look(ms)).toBe('alive 7')
    expect(machine.looks).toBe(1)
  })

  test('is gone once nobody holds the log any more', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.end()
    expect(await machine.look(2000)).toBe('alive 7')
    expect(await machine.look(4000)).toBe('gone 7')
    for (let ms = 6000; ms < 100_000; ms += 2000) expect(await machine.look(ms)).toBe('gone 7')
    expect(machine.looks).toBeLessThan(9)
  })

  test('is looked for ever more rarely once it is gone: its job may be started again and write nothing', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.end()
    expect(await machine.look(4000)).toBe('gone 7')
    machine.start(8)
    expect(await machine.look(6000)).toBe('alive 8')
    machine.end()
    for (let ms = 20_000; ms < 10_000_000; ms += 2000) await machine.look(ms)
    expect(machine.looks).toBeLessThan(60)
    machine.start(9)
    expect(await machine.look(10_300_000)).toBe('alive 9')
  })

  test('is looked for together with those of all other runs that are over', async () => {
    const intervals = new IntervalsByRun()
    const runs = Array.from({ length: 200 }, (_, index) => `run-${index}`)
    const living = new Set(runs)
    let looks = 0
    const holderOf = (run: string) => ({ pid: 1, name: 'python3', link: '', path: `/runs/${run}/log`, key: '' })
    const writers = new WritersByRun(
      {
        place: 'here',
        holdersOf: async () => {
          looks++
          return new Map([...living].map((run) => [`/runs/${run}/log`, [holderOf(run)]]))
        },
        stillHolds: ({ path }) => living.has(path.split('/')[2]!),
        mayWriteOn: () => false,
        beganMs: () => null,
        ageMs: () => null,
        programsOf: () => [],
        hasStartedAnother: () => false,
        lives: () => false,
      },
      [],
    )
    const paths = new Map(runs.map((run) => [run, [`/runs/${run}/log`]]))
    const lookUntil = async (fromMs: number, untilMs: number, at: (ms: number) => void = () => undefined) => {
      for (let ms = fromMs; ms < untilMs; ms += 2000) {
        at(ms)
        await writers.look(runs, intervals, () => paths, ms)
      }
    }
    await lookUntil(0, 2_000_000, (ms) => living.delete(`run-${ms / 10_000 - 1}`))
    const kinds = runs.map((run) => writers.of(run).kind)
    expect(new Set(kinds)).toEqual(new Set(['gone', 'alive']))
    living.clear()
    await lookUntil(2_000_000, 4_000_000)
    looks = 0
    await lookUntil(4_000_000, 7_600_000)
    expect(looks).toBeGreaterThan(10)
    expect(looks).toBeLessThan(40)
  })

  test('is another one after a restart', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.end()
    await machine.look(4000)
    machine.start(8)
    machine.write(20_000)
    expect(await machine.look(22_000)).toBe('alive 8')
  })

  test('is one program that holds two files, whoever started it, and none where several do', async () => {
    const err = `${LOG}.err`
    const isOne = async (...held: readonly (readonly [pid: number, path: string])[]) => {
      const machine = new Machine()
      machine.starters.set(7, 6).set(8, 6)
      machine.hold(...held)
      machine.write(0)
      await machine.look(0)
      const isOfHolder = machine.writers.isOfHolder('a', err, LOG)
      machine.end()
      expect(machine.writers.isOfHolder('a', err, LOG)).toBe(false)
      return isOfHolder
    }
    expect(await isOne([7, err], [7, LOG])).toBe(true)
    expect(await isOne([6, err], [6, LOG], [7, err], [7, LOG])).toBe(true)
    expect(await isOne([7, err], [7, err])).toBe(true)
    expect(await isOne([6, err], [6, LOG], [7, err], [7, LOG], [8, err], [8, LOG])).toBe(false)
    expect(await isOne([7, err], [8, LOG])).toBe(false)
    expect(await isOne([7, LOG])).toBe(true)
  })

  test('may be a program that a shell starts, and which is gone while the shell still holds its log', async () => {
    const machine = new Machine()
    machine.names.set(6, 'bash')
    machine.start(6, 7)
    machine.write(0)
    await machine.look(0)
    expect(machine.writers.mayLive('a', LOG, 10_000)).toBe(true)
    machine.start(6)
    expect(machine.writers.mayLive('a', LOG, 10_000)).toBe(false)
    await machine.look(60_000)
    expect(machine.writers.mayLive('a', LOG, 10_000)).toBe(false)
    machine.start(6, 70)
    machine.writers.doubt('a', 65_000)
    await machine.look(65_000)
    expect(machine.writers.mayLive('a', LOG, 10_000)).toBe(false)
    expect(machine.writers.mayLive('a', LOG, 75_000)).toBe(true)
  })

  test('is gone where only a shell, and what it started since, still holds the log', async () => {
    for (const [found, state] of [
      [[6], 'gone 7'],
      [[6, 9], 'gone 7'],
      [[6, 4], 'alive 4'],
      [[6, 8], 'alive 8'],
    ] as const) {
      const machine = new Machine()
      machine.names.set(6, 'bash').set(9, 'rsync').set(4, 'rsync')
      machine.start(6, 7)
      machine.write(5000)
      expect(await machine.look(5000)).toBe('alive 7')
      machine.start(...found)
      expect(await machine.look(10_000)).toBe(state)
      expect(await machine.look(60_000)).toBe(state)
    }
  })

  test('is the shell where that writes on after its programs', async () => {
    const machine = new Machine()
    machine.names.set(6, 'bash')
    machine.start(6, 7)
    machine.write(0)
    await machine.look(0)
    machine.start(6)
    expect(await machine.look(4000)).toBe('gone 7')
    machine.write(6000)
    expect(await machine.look(10_000)).toBe('gone 7')
    machine.write(40_000)
    expect(await machine.look(44_000)).toBe('alive 6')
  })

  test('is one that was at work before an exception, and none that was started again, or starts the job again', async () => {
    const machine = new Machine()
    machine.names.set(6, 'bash')
    machine.start(6, 7)
    machine.write(0)
    await machine.look(0)
    expect(machine.writers.holdsSince('a', LOG, 10_000)).toBe(true)
    expect(machine.writers.holdsSince('a', `${LOG}.err`, 10_000)).toBe(false)
    expect(machine.writers.holdsSince('a', LOG, 6500)).toBe(false)
    machine.starters.set(12, 7)
    expect(machine.writers.holdsSince('a', LOG, 10_000)).toBe(false)
    machine.starters.clear()
    machine.start(6, 7, 8)
    machine.writers.doubt('a', 5000)
    await machine.look(5000)
    expect(machine.writers.holdsSince('a', LOG, 10_000)).toBe(false)
    machine.start(6)
    expect(machine.writers.holdsSince('a', LOG, 10_000)).toBe(false)
  })

  test('is not the launcher whose program is gone', async () => {
    const machine = new Machine()
    machine.starters.set(7, 5)
    machine.start(5, 7)
    machine.write(0)
    await machine.look(0)
    expect(machine.writers.holdsSince('a', LOG, 10_000)).toBe(true)
    machine.start(5)
    expect(machine.writers.holdsSince('a', LOG, 10_000)).toBe(false)
  })

  test('may be one that opens its files for each line, until the processes of its run are gone', async () => {
    const machine = new Machine()
    machine.write(0)
    await machine.look(0)
    expect(machine.writers.mayLive('a', LOG, 10_000)).toBe(true)
    expect(machine.writers.isOfHolder('a', `${LOG}.err`, LOG)).toBe('unseen')
    machine.start(7)
    machine.write(20_000)
    await machine.look(22_000)
    expect(machine.writers.mayLive('a', `${LOG}.err`, 10_000)).toBe(true)
    machine.end()
    expect(machine.writers.mayLive('a', `${LOG}.err`, 10_000)).toBe(false)
  })

  test('is looked for again where a run is written to that had died: another may have joined', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    expect(machine.writers.newestMs('a')).toBe(7000)
    machine.start(7, 9)
    machine.writers.doubt('a', 1000)
    await machine.look(1000)
    expect(machine.looks).toBe(1)
    machine.writers.doubt('a', 4000)
    expect(await machine.look(4000)).toBe('alive 7')
    expect(machine.looks).toBe(2)
    expect(machine.writers.newestMs('a')).toBe(9000)
    expect(machine.writers.longestMs('a')).toBe(93_000)
    machine.end()
    expect(machine.writers.newestMs('a')).toBe(null)
    expect(machine.writers.longestMs('a')).toBe(null)
  })

  test('stays gone where its last bytes are read a little later, and is unseen where somebody writes on', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.end()
    await machine.look(4000)
    machine.write(5000)
    expect(await machine.look(10_000)).toBe('gone 7')
    machine.write(40_000)
    expect(await machine.look(44_000)).toBe('unseen')
  })

  test('is unseen once a log that nobody holds any more is written on and on', async () => {
    const machine = new Machine({ pid: 7, name: 'python3', isGone: true, place: 'here' })
    for (let ms = 0; ms < 20_000; ms += 1000) {
      machine.write(ms)
      await machine.look(ms)
    }
    expect(machine.state).toBe('unseen')
  })

  test('is looked for ever more rarely where it is never seen', async () => {
    const machine = new Machine()
    for (let ms = 0; ms < 3_600_000; ms += 2000) {
      machine.write(ms)
      expect(await machine.look(ms)).toBe('unseen')
    }
    expect(machine.looks).toBeLessThan(25)
  })

  test('is looked for when a log that was only there begins to grow', async () => {
    const machine = new Machine()
    expect(await machine.look(0)).toBe('unseen')
    machine.start(7)
    machine.write(3000)
    expect(await machine.look(4000)).toBe('alive 7')
  })

  test('is unseen, and not gone, where it writes on to the file under another name, or may not be looked into', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.end()
    machine.isElsewhere = true
    expect(await machine.look(4000)).toBe('unseen')
  })

  test('may have changed until there is time to look', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.write(500)
    machine.end()
    await machine.look(3600)
    machine.start(8)
    machine.write(3610)
    expect(await machine.look(3620)).toBe('gone 7')
    expect(machine.writers.isPending('a')).toBe(true)
    expect(await machine.look(10_000)).toBe('alive 8')
    expect(machine.writers.isPending('a')).toBe(false)
  })

  test('is looked for soon in each file that begins to grow, and a little later again', async () => {
    const machine = new Machine()
    machine.write(0, CONFIG)
    await machine.look(10)
    machine.start(7)
    machine.write(900)
    expect(machine.writers.isNew('a', machine.intervals)).toBe(true)
    expect(await machine.look(1000)).toBe('alive 7')

    const reopened = new Machine()
    reopened.write(0)
    expect(await reopened.look(10)).toBe('unseen')
    reopened.start(7)
    reopened.write(2500)
    expect(await reopened.look(2600)).toBe('alive 7')
  })

  test('is unseen where it closed its log and goes on in a file that it opens for each line, and gone once it has ended', async () => {
    const machine = new Machine()
    machine.start(7)
    await machine.goOn(LOG, 0, 10_000)
    machine.end()
    machine.living.add(7)
    await machine.goOn(METRICS, 10_000, 30_000)
    expect(machine.state).toBe('unseen')
    for (let ms = 30_000; ms < 60_000; ms += 2000) expect(await machine.look(ms)).toBe('unseen')
    machine.living.clear()
    expect(await machine.look(60_000)).toBe('gone 7')
  })

  test('is unseen where another goes on that cannot be seen, and never gone while it does', async () => {
    const machine = new Machine()
    machine.start(7)
    await machine.goOn(LOG, 0, 10_000)
    machine.end()
    for (let ms = 10_000; ms < 30_000; ms += 2000) {
      await machine.goOn(METRICS, ms, ms + 2000)
      expect(machine.state).not.toBe('gone 7')
    }
    for (let ms = 30_000; ms < 60_000; ms += 2000) expect(await machine.look(ms)).toBe('unseen')
  })

  test('is gone where it closed the log that was written last, as a notebook does that lives on', async () => {
    const machine = new Machine()
    machine.start(7)
    await machine.goOn(LOG, 0, 10_000)
    machine.end()
    machine.living.add(7)
    expect(await machine.look(14_000)).toBe('gone 7')
  })

  test('is not gone where it was met once while it wrote a line, and lives on', async () => {
    const machine = new Machine()
    machine.start(7)
    machine.write(0)
    await machine.look(0)
    machine.end()
    machine.living.add(7)
    expect(await machine.look(4000)).toBe('unseen')
  })

  test('is known from an earlier daemon to live on, and to have written elsewhere', async () => {
    const saved = { pid: 7, name: 'python3', isGone: false, path: LOG, place: 'here' }
    const machine = new Machine(saved)
    machine.living.add(7)
    machine.write(0, METRICS)
    expect(await machine.look(2000)).toBe('unseen')
    const unseen = new Machine({ ...saved, isUnseen: true })
    unseen.living.add(7)
    expect(await unseen.look(0)).toBe('unseen')
    unseen.living.clear()
    expect(await unseen.look(2000)).toBe('gone 7')
  })

  test('is not gone while somebody else writes on, whoever watched', async () => {
    const machine = new Machine({ pid: 7, name: 'python3', isGone: false, path: LOG, place: 'here' })
    await machine.look(0)
    for (let ms = 100; ms < 20_000; ms += 2000) {
      await machine.goOn(METRICS, ms, ms + 2000)
      expect(machine.state).not.toBe('gone 7')
    }
    expect(machine.state).toBe('unseen')
  })

  test('is known from an earlier daemon of the same machine only', async () => {
    const saved = { pid: 7, name: 'python3', isGone: false }
    const here = new Machine({ ...saved, place: 'here' })
    expect(here.state).toBe('alive 7')
    // What it wrote last may still have to be read.
    expect(await here.look(0)).toBe('alive 7')
    expect(await here.look(2000)).toBe('gone 7')
    const elsewhere = new Machine({ ...saved, place: 'elsewhere' })
    expect(elsewhere.state).toBe('unseen')
    expect(await elsewhere.look(0)).toBe('unseen')
  })
})
