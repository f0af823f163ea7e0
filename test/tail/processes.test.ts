import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { processesOf } from '../../src/tail/processes.ts'
import { tempFolder } from '../temp-folder.ts'

const processes = processesOf()
let log: string

beforeEach(async () => {
  log = join(await tempFolder(), 'train.log')
  writeFileSync(log, '')
})

/** A process that sleeps with the file open, by the redirection that a shell makes. */
function sleeper(redirection: '>>' | '<' | '<>'): ChildProcess {
  const flags = redirection === '<' ? 'r' : redirection === '>>' ? 'a' : 'r+'
  const fd = openSync(log, flags)
  const child = spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  closeSync(fd)
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function holders(paths: readonly string[] = [log]): Promise<{ pid: number; name: string }[]> {
  const found = await processes.holdersOf(paths)
  return [...found.values()].flat().map(({ pid, name }) => ({ pid, name }))
}

describe.skipIf(platform() !== 'linux')('who holds a file open for writing', () => {
  test('is found with its number and name, and no longer once it has ended', async () => {
    const child = sleeper('>>')
    expect(await holders()).toEqual([{ pid: child.pid, name: 'sleep' }])
    const [holder] = (await processes.holdersOf([log])).get(log)!
    expect(processes.stillHolds(holder!)).toBe(true)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(processes.stillHolds(holder!)).toBe(false)
    expect(await holders()).toEqual([])
  })

  test('began when its program did: what a program forks is part of it, and what it starts is another one', async () => {
    const fd = openSync(log, 'a')
    const script = 'sleep 1; sleep 600 >&3 & (sleep 1; : ; read line < <(sleep 600)) & wait'
    const beforeMs = Date.now()
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'ignore', fd], detached: true })
    closeSync(fd)
    onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'))
    await vi.waitFor(async () => expect((await holders()).length).toBeGreaterThan(3), { timeout: 20_000 })
    const began = [...(await processes.holdersOf([log])).values()].flat().map((holder) => ({
      name: holder.name,
      pid: holder.pid,
      programs: processes.programsOf(holder),
      ms: processes.beganMs(holder)! - beforeMs,
      ageMs: processes.ageMs(holder)!,
    }))
    const sinceMs = Date.now() - beforeMs
    for (const { name, pid, programs, ms, ageMs } of began) {
      expect(Math.abs(ms + ageMs - sinceMs)).toBeLessThan(500)
      expect(programs.slice(0, 2)).toEqual(name === 'sleep' ? [pid, child.pid] : [child.pid, process.pid])
      expect(ms).toBeGreaterThan(name === 'sleep' ? 900 : -100)
      if (name === 'bash') expect(ms).toBeLessThan(900)
    }
  })

  test('has started another program since a time, where that writes to the same file', async () => {
    const fd = openSync(log, 'a')
    const beforeMs = Date.now()
    const script = 'sleep 600 > /dev/null & sleep 1; sleep 600; true'
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', fd, 'ignore'], detached: true })
    closeSync(fd)
    onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'))
    const [shell] = await vi.waitFor(async () => (await processes.holdersOf([log])).get(log)!, { timeout: 20_000 })
    expect(processes.hasStartedAnother(shell!, beforeMs + 500)).toBe(false)
    const hasStarted = () => processes.hasStartedAnother(shell!, beforeMs + 500)
    await vi.waitFor(() => expect(hasStarted()).toBe(true), { timeout: 20_000 })
    expect(processes.hasStartedAnother(shell!, Date.now() + 60_000)).toBe(false)
  })

  test('is found behind a pipe, after the programs that write on what it prints', async () => {
    const script = `sleep 600 | cat | tee -a ${log}; sleep 600`
    const child = spawn('bash', ['-c', script], { stdio: 'ignore', detached: true })
    onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'))
    const names = async () => (await holders()).map(({ name }) => name)
    await vi.waitFor(async () => expect(await names()).toEqual(['tee', 'cat', 'sleep']), { timeout: 20_000 })
    const job = (await processes.holdersOf([log])).get(log)!.at(-1)!
    expect(processes.stillHolds(job)).toBe(true)
    process.kill(job.pid, 'SIGKILL')
    await vi.waitFor(() => expect(processes.stillHolds(job)).toBe(false), { timeout: 20_000 })
  })

  test('may read as well, and is not one who only reads', async () => {
    const writer = sleeper('<>')
    sleeper('<')
    expect(await holders()).toEqual([{ pid: writer.pid, name: 'sleep' }])
  })

  test('is not this process', async () => {
    const fd = openSync(log, 'a')
    onTestFinished(() => closeSync(fd))
    expect(await holders()).toEqual([])
  })

  test('holds the file, not its name: after a rotation another file has the name', async () => {
    const child = sleeper('>>')
    const [holder] = (await processes.holdersOf([log])).get(log)!
    renameSync(log, `${log}.1`)
    writeFileSync(log, '')
    expect(await holders()).toEqual([])
    expect(await holders([`${log}.1`])).toEqual([{ pid: child.pid, name: 'sleep' }])
    expect(processes.stillHolds(holder!)).toBe(false)
    expect(processes.mayWriteOn(holder!)).toBe(true)
  })

  test('is nobody for a file that is not there, or that was deleted', async () => {
    sleeper('>>')
    unlinkSync(log)
    expect(await holders()).toEqual([])
    expect(await holders(['/no/such/train.log'])).toEqual([])
  })
})

test('without /proc nobody is seen', async () => {
  const elsewhere = processesOf('/no/such/folder')
  expect(await elsewhere.holdersOf([log])).toEqual(new Map())
})
