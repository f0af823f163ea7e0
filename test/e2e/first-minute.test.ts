import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/find-chromium.mjs'
import { Daemon, nanwatch, nanwatchJson, temporaryFolder, until } from './nanwatch.ts'

/** How much longer a refusal may take than a command that finds nothing. */
const AT_ONCE_MS = 3000

function folders() {
  const folder = temporaryFolder()
  return { folder, root: join(folder, 'runs'), db: join(folder, 'nanwatch.db') }
}

describe('where it cannot serve it says so in one line and ends with 1, at once', () => {
  async function portInUse(): Promise<number> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  for (const command of ['watch', 'demo']) {
    test(`${command}: the port is in use`, async () => {
      const { folder, root, db } = folders()
      mkdirSync(root)
      const port = String(await portInUse())
      const args = command === 'demo' ? ['demo', '--out', folder] : ['watch', root, '--db', db]
      const startedMs = Date.now()
      await nanwatch(['runs', '--db', join(folder, 'none.db')])
      const usualMs = Date.now() - startedMs
      const { code, stdout, stderr } = await nanwatch([...args, '--port', port])
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(/^nanwatch: cannot serve: port \d+ is in use, .*--port N, .*--port 0\n$/)
      expect(Date.now() - startedMs - usualMs).toBeLessThan(usualMs + AT_ONCE_MS)
    })
  }

  test('the address is none of this machine', async () => {
    const { folder, root, db } = folders()
    mkdirSync(root)
    const token = join(folder, 'token')
    writeFileSync(token, 'a token that is long enough')
    // An address that is kept for examples.
    const args = ['watch', root, '--db', db, '--port', '0', '--host', '192.0.2.1', '--token-file', token]
    const { code, stderr } = await nanwatch(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^nanwatch: cannot serve: 192\.0\.2\.1 is no address of this machine\. .*--host\n$/)
  })

  test.skipIf(process.getuid?.() === 0)('the port needs rights (skipped: root has them)', async () => {
    const { root, db } = folders()
    mkdirSync(root)
    const { code, stderr } = await nanwatch(['watch', root, '--db', db, '--port', '80'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^nanwatch: cannot serve: port 80 .*\n$/)
  })
})

describe('a root that is not there yet', () => {
  const reason = expect.stringContaining('not there yet')

  async function problemsOf(db: string) {
    const [status] = await nanwatchJson(['status', '--db', db])
    return (status!['daemon'] as { problems: unknown[] }).problems
  }

  test('a folder is waited for and told; what is in it when it comes is news', async () => {
    const { root, db } = folders()
    const daemon = new Daemon(['watch', join(root, 'deeper'), '--db', db, '--port', '0'])
    onTestFinished(async () => void (await daemon.stop('SIGKILL')))
    await daemon.url()
    const where = join(root, 'deeper')
    expect(await daemon.event('error')).toEqual({ type: 'error', where, reason })
    expect(await problemsOf(db)).toEqual([{ where, reason, since: expect.any(String) }])
    expect((await nanwatch(['status', '--db', db])).stdout).toContain(`problem: ${where}: it is not there yet`)

    mkdirSync(join(root, 'deeper', 'job'), { recursive: true })
    writeFileSync(join(root, 'deeper', 'job', 'metrics.jsonl'), '{"step": 1, "loss": NaN}\n')
    expect(await daemon.event('alert')).toMatchObject({ run: 'job', step: 1, backfill: false })
    expect(await problemsOf(db)).toEqual([])
    expect((await nanwatch(['status', '--db', db])).stdout).not.toContain('to be probed')
    // It is a root like any other now: what comes later is found, and it may go and come again.
    writeFileSync(join(root, 'deeper', 'late.log'), 'step 1 loss 0.5\nstep 2 loss nan\n')
    await daemon.event('alert', ({ run }) => run === 'late.log')
    rmSync(root, { recursive: true })
    await daemon.event('error', (event) => String(event['reason']).includes('it is gone'))
    mkdirSync(where, { recursive: true })
    writeFileSync(join(where, 'third.log'), 'step 1 loss 0.5\nstep 2 loss nan\n')
    await daemon.event('alert', ({ run }) => run === 'third.log')
    expect(await daemon.stop('SIGTERM')).toBe(0)
  })

  test('a file is waited for, and a daemon that was killed meanwhile was there first all the same', async () => {
    const { folder, db } = folders()
    const path = join(folder, 'train.log')
    const first = new Daemon(['watch', path, '--db', db, '--port', '0'])
    await first.url()
    await first.stop('SIGKILL')
    writeFileSync(path, 'step 1 loss 0.5\nstep 2 loss nan\n')
    const second = new Daemon(['watch', path, '--db', db, '--port', '0'])
    onTestFinished(async () => void (await second.stop('SIGKILL')))
    expect(await second.event('alert')).toMatchObject({ run: 'train.log', step: 2, backfill: false })
  })

  test('of two roots one that is there is back-fill, as ever', async () => {
    const { folder, root, db } = folders()
    const there = join(folder, 'there.log')
    writeFileSync(there, 'step 1 loss 0.5\nstep 2 loss nan\n')
    const daemon = new Daemon(['watch', there, root, '--db', db, '--port', '0'])
    onTestFinished(async () => void (await daemon.stop('SIGKILL')))
    await daemon.url()
    await until(async () => (await nanwatchJson(['alerts', '--db', db])).length === 1)
    expect(daemon.events.filter(({ type }) => type === 'alert')).toEqual([])
    expect(await nanwatchJson(['alerts', '--db', db])).toMatchObject([{ backfill: true }])
  })

  test('for people it is on standard error, by its whole path', async () => {
    const { folder, db } = folders()
    const path = join(folder, 'runz')
    const { code, stdout, stderr } = await nanwatch(['watch', path, '--db', db, '--dry-run'])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/^\/.*\/runz: it is not there yet: .*see that its name is right\n$/)
    const events = await nanwatchJson(['watch', path, '--db', db, '--dry-run'])
    expect(events).toEqual([{ type: 'error', where: path, reason }])
  })

  test('the page says it, until the root comes', async () => {
    const { root, db } = folders()
    const daemon = new Daemon(['watch', root, '--db', db, '--port', '0'])
    const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGS] })
    onTestFinished(async () => {
      await browser.close()
      await daemon.stop('SIGKILL')
    })
    const page = await browser.newPage()
    await page.goto(await daemon.url())
    const problem = page.locator('[data-testid="daemon-problem"]')
    await problem.waitFor({ timeout: 10_000 })
    expect(await problem.textContent()).toContain(`${root}: it is not there yet`)
    mkdirSync(root)
    await problem.waitFor({ state: 'detached', timeout: 20_000 })
  })
})

describe('where there is nothing to read it says so in one line', () => {
  interface Nothing {
    readonly name: string
    readonly args: (folder: string) => string[]
    readonly input?: Uint8Array
    readonly code: number
    readonly says: RegExp
  }
  const empty = (folder: string) => join(folder, 'empty')
  const others = (folder: string) => join(folder, 'others')
  const blank = (folder: string) => join(folder, 'blank.log')
  const noLog = /^[^\n]*no log was found there; [^\n]*\n$/
  const noInput = /^standard input is empty: nothing was read\n$/
  const cases: readonly Nothing[] = [
    { name: 'check of an empty folder', args: (at) => ['check', empty(at)], code: 1, says: noLog },
    { name: 'the same as JSON', args: (at) => ['check', '--json', empty(at)], code: 1, says: noLog },
    { name: 'check of a folder without logs', args: (at) => ['check', others(at)], code: 1, says: noLog },
    {
      name: 'check of one where that is allowed',
      args: (at) => ['check', '--allow-empty', empty(at)],
      code: 0,
      says: noLog,
    },
    {
      name: 'check of a path that is not there where that is allowed',
      args: (at) => ['check', '--allow-empty', join(at, 'nowhere')],
      code: 0,
      says: /^[^\n]*nowhere[^\n]*\n$/,
    },
    { name: 'check of an empty input', args: () => ['check', '-'], code: 1, says: noInput },
    { name: 'check of a compressed nothing', args: () => ['check', '-'], input: gzipSync(''), code: 1, says: noInput },
    {
      name: 'check of an input where that is allowed',
      args: () => ['check', '-', '--allow-empty'],
      code: 0,
      says: noInput,
    },
    {
      name: 'check of a file without data',
      args: (at) => ['check', blank(at)],
      code: 0,
      says: /^[^\n]*blank\.log: nothing was read [^\n]*\n$/,
    },
    {
      name: 'check of an input without data',
      args: () => ['check', '-'],
      input: Buffer.from('hello\n'),
      code: 0,
      says: /^-: nothing was read [^\n]*\n$/,
    },
    { name: 'explain of an empty folder', args: (at) => ['explain', empty(at)], code: 1, says: noLog },
    {
      name: 'explain of a file without data',
      args: (at) => ['explain', blank(at)],
      code: 0,
      says: /^[^\n]*blank\.log: nothing was read [^\n]*\n$/,
    },
    { name: 'backtest of an empty folder', args: (at) => ['backtest', empty(at)], code: 1, says: noLog },
    {
      name: 'parse of an empty folder',
      args: (at) => ['parse', empty(at)],
      code: 2,
      says: /^[^\n]*a folder; name one file\n$/,
    },
    { name: 'parse of an empty input', args: () => ['parse', '-', '--json'], code: 1, says: noInput },
  ]
  for (const { name, args, input, code, says } of cases) {
    test(name, async () => {
      const { folder } = folders()
      for (const path of [empty(folder), others(folder)]) mkdirSync(path)
      writeFileSync(join(others(folder), 'notes.md'), 'step 1 loss nan\n')
      writeFileSync(blank(folder), 'hello\n')
      const finished = await nanwatch(args(folder), input)
      expect(finished.stderr).toMatch(says)
      expect(finished.code).toBe(code)
    })
  }

  test('a NaN beside an empty folder is still found, and its exit code stays', async () => {
    const { folder } = folders()
    mkdirSync(empty(folder))
    writeFileSync(blank(folder), 'step 1 loss 0.5\nstep 2 loss nan\n')
    expect(await nanwatch(['check', empty(folder), blank(folder)])).toMatchObject({ code: 3 })
    expect(await nanwatch(['check', blank(folder), empty(folder)])).toMatchObject({ code: 3 })
  })

  test('a file without data has its verdict', async () => {
    const { folder } = folders()
    writeFileSync(blank(folder), '')
    expect(await nanwatchJson(['check', blank(folder)])).toMatchObject([{ type: 'summary', verdict: 'no-data' }])
  })
})
