import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MAIN, nanwatch, nanwatchJson, temporaryFolder, until } from './nanwatch.ts'

/** A command of a shell, as a user types it. `nanwatch` is the built program. */
function shell(command: string, folder = temporaryFolder()) {
  const program = `nanwatch() { '${process.execPath}' '${MAIN}' "$@"; }; ${command}`
  return spawnSync('bash', ['-c', program], { cwd: folder, encoding: 'utf8' })
}

/** So many lines that no pipe takes them all. */
function longLog(folder: string): string {
  const path = join(folder, 'train.jsonl')
  writeFileSync(path, Array.from({ length: 20_000 }, (_, step) => `{"step": ${step}, "loss": 1.5}\n`).join(''))
  return path
}

/** Whether a process of Linux has set a handler of SIGHUP, which is signal 1; of another system, when it should have. */
async function handlesHangup(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    await new Promise((resolve) => setTimeout(resolve, 2000))
    return true
  }
  const [, mask = '0'] = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (BigInt(`0x${mask}`) & 1n) === 1n
}

describe('a command that prints and ends', () => {
  test('ends quietly and well when its reader has seen enough', () => {
    const folder = temporaryFolder()
    longLog(folder)
    const { stdout, stderr } = shell('nanwatch parse --json train.jsonl | head -2; echo "$PIPESTATUS"', folder)
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringContaining('"step":0'),
      expect.stringContaining('"step":1'),
      '0',
    ])
    expect(stderr).toBe('')
  })

  test('says in one line that its output is on a full disk, and ends with 1', () => {
    const folder = temporaryFolder()
    longLog(folder)
    const { status, stderr } = shell('nanwatch check train.jsonl > /dev/full', folder)
    expect([status, stderr]).toEqual([1, 'nanwatch: standard output: no space is left for it\n'])
  })

  test('prints all of its data where nobody reads its standard error', () => {
    const folder = temporaryFolder()
    longLog(folder)
    // `parse` has a report for people at its end.
    const { stdout } = shell('{ nanwatch parse train.jsonl; echo "$?"; } 2> >(exec true) | tail -1', folder)
    expect(stdout).toBe('0\n')
  })

  test('ends when its terminal does', async () => {
    const child = spawn(process.execPath, [MAIN, 'check', '-'], { stdio: ['pipe', 'ignore', 'ignore'] })
    await until(() => handlesHangup(child.pid!))
    child.kill('SIGHUP')
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect([code, signal]).toEqual([null, 'SIGHUP'])
  })
})

/** A folder in memory that takes 256 KiB, or why there is none. */
function smallDisk(folder: string): string | null {
  if (process.getuid?.() !== 0) return 'only root may mount'
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', folder], {
    encoding: 'utf8',
  })
  return status === 0 ? null : `mount: ${stderr}`
}

test('a log file of the daemon on a disk that was full goes on by whole lines once there is room, and says what is missing', async (context) => {
  const folder = temporaryFolder()
  const [disk, logs, db] = [join(folder, 'disk'), join(folder, 'runs'), join(folder, 'nanwatch.db')]
  mkdirSync(disk)
  mkdirSync(logs)
  const obstacle = smallDisk(disk)
  if (obstacle !== null) return context.skip(obstacle)
  let daemon: ChildProcess | undefined
  onTestFinished(async () => {
    if (daemon !== undefined && daemon.exitCode === null) {
      daemon.kill('SIGKILL')
      await once(daemon, 'exit')
    }
    spawnSync('umount', [disk])
  })

  const [output, filler] = [join(disk, 'events.jsonl'), join(disk, 'filler')]
  const end = openSync(output, 'a')
  daemon = spawn(process.execPath, [MAIN, 'watch', logs, '--db', db, '--port', '0', '--json'], {
    stdio: ['ignore', end, 'pipe'],
  })
  closeSync(end)
  let stderr = ''
  daemon.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  await until(() => readFileSync(output, 'utf8').includes('"ready"'))
  try {
    for (;;) appendFileSync(filler, Buffer.alloc(4096))
  } catch {
    // It is full.
  }
  // Each run is an event; they fill what is left of the last page, and then are dropped.
  for (let i = 0; i < 60; i++) writeFileSync(join(logs, `full-${i}.log`), 'step 1 loss nan\n')
  const problems = async () => {
    const [status] = await nanwatchJson(['status', '--db', db])
    return (status!['daemon'] as { problems: { where: string; reason: string; since: string }[] }).problems
  }
  await until(async () => (await problems()).some(({ where }) => where === 'standard output'))
  expect(await problems()).toMatchObject([{ reason: expect.stringContaining('no space is left for it') }])
  await until(async () => (await nanwatchJson(['runs', '--db', db])).length === 60)

  rmSync(filler)
  writeFileSync(join(logs, 'later.log'), 'step 1 loss nan\n')
  await until(() => readFileSync(output, 'utf8').includes('messages were dropped'))
  expect(await problems()).toEqual([])
  daemon.kill('SIGTERM')
  expect(await once(daemon, 'exit')).toEqual([0, null])

  // Of what is gone from stdout the people are told.
  expect(stderr).toMatch(/^nanwatch: error standard output: no space is left for it: nothing is printed there/)

  const lines = readFileSync(output, 'utf8').trimEnd().split('\n')
  const broken = lines.filter((line) => !line.endsWith('}'))
  expect(broken.length).toBeLessThanOrEqual(1)
  const events = lines.filter((line) => !broken.includes(line)).map((line) => JSON.parse(line) as { type: string })
  expect(events.at(0)).toMatchObject({ type: 'ready' })
  expect(events).toContainEqual({
    type: 'error',
    where: 'standard output',
    reason: expect.stringMatching(/^no space is left for it: [1-9]\d* messages were dropped from .*Z to .*Z$/),
  })
  expect(events.at(-1)).toEqual({ type: 'stopped' })
})

test('the demo and its jobs go on when their terminal is closed', async () => {
  const folder = temporaryFolder()
  const child = spawn(process.execPath, [MAIN, 'demo', '--out', folder], {
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
  })
  const db = join(folder, 'nanwatch.db')
  onTestFinished(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
  await until(async () => (await nanwatchJson(['runs', '--db', db])).length === 2)
  const steps = async () => (await nanwatchJson(['runs', '--db', db])).map(({ lastStep }) => Number(lastStep))
  // A terminal that is closed sends this to all that runs in it.
  process.kill(-child.pid!, 'SIGHUP')
  const before = Math.min(...(await steps()))
  await until(async () => Math.min(...(await steps())) > before + 5)
  expect((await nanwatch(['status', '--db', db])).stdout).toContain('running since')
})
