import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Daemon, nanwatch, nanwatchJson, temporaryFolder, until } from './nanwatch.ts'

const START = ['--port', '0']

function folders() {
  const folder = temporaryFolder()
  const logs = join(folder, 'runs')
  mkdirSync(join(logs, 'job'), { recursive: true })
  return { logs, db: join(folder, 'nanwatch.db'), log: join(logs, 'job', 'metrics.jsonl') }
}

function line(step: number, loss: string): string {
  return `{"step": ${step}, "loss": ${loss}, "lr": 0.1}\n`
}

/** A log in which the loss falls, is NaN at step 700, and goes on as NaN. */
function wholeLog(): string[] {
  return Array.from({ length: 1000 }, (_, i) =>
    line(i, i >= 700 ? 'NaN' : String(2 / (1 + i / 100) + 0.01 * Math.sin(i))),
  )
}

/** The history without wall-clock times, sequence numbers, gaps and stalls. */
async function history(db: string): Promise<unknown> {
  const alerts = await nanwatchJson(['alerts', '--db', db])
  return {
    samples: await nanwatchJson([
      'sql',
      'SELECT metric, ordinal, attempt, step, value, kind, raw, offset FROM samples JOIN series ON series.id = series_id ORDER BY metric, ordinal',
      '--db',
      db,
    ]),
    files: await nanwatchJson(['sql', 'SELECT state FROM files', '--db', db]),
    alerts: alerts.map(({ id, rule, state, severity, step, resolvedStep, cause, message }) => ({
      id,
      rule,
      state,
      severity,
      step,
      resolvedStep,
      cause,
      message,
    })),
  }
}

test('a line is alerted on a moment after it was written, and a new run is found as it appears', async () => {
  const { logs, db } = folders()
  const daemon = new Daemon(['watch', logs, '--db', db, ...START])
  await daemon.url()
  mkdirSync(join(logs, 'late'))
  writeFileSync(join(logs, 'late', 'metrics.jsonl'), line(1, '0.5'))
  await daemon.event('run', (event) => event['run'] === 'late')
  appendFileSync(join(logs, 'late', 'metrics.jsonl'), line(2, 'NaN'))
  const alert = await daemon.event('alert')
  expect(alert).toMatchObject({
    run: 'late',
    rule: 'non-finite',
    step: 2,
    value: 'NaN',
    severity: 'critical',
    offset: line(1, '0.5').length,
  })
  expect(await daemon.stop('SIGTERM')).toBe(0)
})

test('a daemon that is killed again and again reaches the history of one that never was', async () => {
  const lines = wholeLog()
  const calm = folders()
  writeFileSync(calm.log, '')
  const undisturbed = new Daemon(['watch', calm.logs, '--db', calm.db, ...START])
  await undisturbed.url()
  appendFileSync(calm.log, lines.join(''))
  await undisturbed.event('alert')
  await until(async () => (await lastStep(calm.db)) === 999)
  await undisturbed.stop('SIGTERM')

  const rough = folders()
  writeFileSync(rough.log, '')
  for (let killed = 0; killed < 8; killed++) {
    const daemon = new Daemon(['watch', rough.logs, '--db', rough.db, ...START])
    await daemon.url()
    for (const [i, text] of lines.slice(killed * 125, (killed + 1) * 125).entries()) {
      // Torn writes: half a line may be all there is when the kill comes.
      appendFileSync(rough.log, text.slice(0, 9))
      if (i % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 3))
      appendFileSync(rough.log, text.slice(9))
    }
    await daemon.stop('SIGKILL')
  }
  const last = new Daemon(['watch', rough.logs, '--db', rough.db, ...START])
  await last.url()
  await until(async () => (await lastStep(rough.db)) === 999)
  await last.stop('SIGTERM')

  expect(await history(rough.db)).toEqual(await history(calm.db))
}, 120_000)

async function lastStep(db: string): Promise<unknown> {
  const rows = await nanwatchJson(['sql', 'SELECT max(step) AS step FROM samples', '--db', db])
  return rows[0]?.['step']
}

test('old logs found at the first start are back-fill: stored and shown, and never announced', async () => {
  const { logs, db, log } = folders()
  writeFileSync(log, line(1, '0.5') + line(2, 'NaN'))
  const daemon = new Daemon(['watch', logs, '--db', db, ...START])
  await daemon.url()
  await until(async () => (await nanwatchJson(['alerts', '--db', db])).length === 1)
  await daemon.stop('SIGTERM')
  expect(daemon.events.filter((event) => event['type'] === 'alert')).toEqual([])
  expect((await nanwatchJson(['alerts', '--db', db]))[0]).toMatchObject({ backfill: true, step: 2 })
  expect((await nanwatchJson(['runs', '--db', db]))[0]).toMatchObject({ run: 'job', state: 'failed', backfill: true })
})

test('every command finds what a daemon stores by the configuration that the daemon was started with', async () => {
  const { logs, db, log } = folders()
  const config = join(logs, '..', 'config.json')
  writeFileSync(config, JSON.stringify({ database: db, paths: [logs], port: 0 }))
  writeFileSync(log, line(1, '0.5'))
  const daemon = new Daemon(['watch', '--config', config])
  expect(await daemon.event('ready')).toMatchObject({ database: db })
  await until(async () => (await nanwatchJson(['runs', '--config', config])).length === 1)
  expect(await nanwatchJson(['status', '--config', config])).toMatchObject([{ type: 'status', daemon: {}, runs: 1 }])
  expect(await nanwatch(['forget', 'job', '--config', config])).toMatchObject({ code: 0 })
  await daemon.stop('SIGTERM')
  expect(await nanwatchJson(['runs', '--config', config])).toEqual([])
  expect(await nanwatchJson(['runs', '--db', db])).toEqual([])
})

test('a second daemon on the same database is refused, and a port in use is named', async () => {
  const { logs, db } = folders()
  const daemon = new Daemon(['watch', logs, '--db', db, ...START])
  const port = new URL(await daemon.url()).port
  const second = await nanwatch(['watch', logs, '--db', db, ...START])
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('another nanwatch is writing this database'),
  })
  const third = await nanwatch(['watch', logs, '--db', `${db}2`, '--port', port])
  expect(third).toMatchObject({ code: 1, stderr: expect.stringContaining(`port ${port} is in use`) })
  expect(third.stderr).not.toMatch(/\n\s+at /)
  await daemon.stop('SIGTERM')
})

test('a host beyond loopback without a token is refused with exit code 2', async () => {
  const { logs, db } = folders()
  const refused = await nanwatch(['watch', logs, '--db', db, '--host', '0.0.0.0', ...START])
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--token-file') })
})

test('a line that does not read is told with its file, offset and reason, and the next one is read', async () => {
  const { logs, db, log } = folders()
  writeFileSync(log, '')
  const daemon = new Daemon(['watch', logs, '--db', db, ...START])
  await daemon.url()
  appendFileSync(log, `${line(1, '0.5')}{"step": 2, "loss":\n${line(3, 'Infinity')}`)
  expect(await daemon.event('reject')).toMatchObject({ run: 'job', file: log, offset: line(1, '0.5').length })
  expect(await daemon.event('alert')).toMatchObject({ step: 3, value: 'Infinity' })
  await daemon.stop('SIGTERM')
})

test('a forgotten run is gone and stays gone while the daemon runs', async () => {
  const { logs, db, log } = folders()
  writeFileSync(log, line(1, '0.5'))
  const daemon = new Daemon(['watch', logs, '--db', db, ...START])
  await daemon.url()
  await until(async () => (await nanwatchJson(['runs', '--db', db])).length === 1)
  expect(await nanwatch(['forget', 'job', '--db', db])).toMatchObject({ code: 0 })
  expect(await nanwatchJson(['runs', '--db', db])).toEqual([])
  appendFileSync(log, line(2, '0.4'))
  writeFileSync(join(logs, 'other.log'), 'step 1 loss 0.5\n')
  await daemon.event('run', (event) => event['run'] === 'other.log')
  expect((await nanwatchJson(['runs', '--db', db])).map((run) => run['run'])).toEqual(['other.log'])
  await daemon.stop('SIGTERM')
})

test('status says where the daemon serves and ends with 3 while an alert fires', async () => {
  const { logs, db, log } = folders()
  writeFileSync(log, '')
  const daemon = new Daemon(['watch', logs, '--db', db, ...START])
  const url = await daemon.url()
  expect(await nanwatch(['status', '--db', db])).toMatchObject({ code: 0, stdout: expect.stringContaining(url) })
  appendFileSync(log, line(1, 'NaN'))
  await daemon.event('alert')
  expect(await nanwatch(['status', '--db', db])).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('loss is NaN'),
  })
  await daemon.stop('SIGTERM')
})
