import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAIN, nanwatchJson, temporaryFolder, until } from './nanwatch.ts'

test('a daemon that prints into the very log that it follows does not take its words for those of the job', async () => {
  const folder = temporaryFolder()
  const [logs, db] = [join(folder, 'runs'), join(folder, 'nanwatch.db')]
  mkdirSync(logs)
  const output = join(logs, 'slurm-17.out')
  const text = () => readFileSync(output, 'utf8')
  appendFileSync(output, 'step 1 loss 2.5\nstep 2 loss 2.4\n')

  const end = openSync(output, 'a')
  const daemon = spawn(process.execPath, [MAIN, 'watch', logs, '--db', db, '--port', '0'], {
    stdio: ['ignore', end, end],
  })
  closeSync(end)
  const ended = new Promise((resolve) => daemon.on('close', resolve))
  await until(() => text().includes('dashboard: '))
  appendFileSync(output, 'step 3 loss nan\n')
  await until(() => text().includes('loss is NaN'))
  appendFileSync(output, 'step 4 loss nan\n')
  const isRead = async () => (await nanwatchJson(['runs', '--db', db]))[0]?.['lastStep'] === 4
  await until(isRead)
  daemon.kill('SIGTERM')
  await ended

  const others = text()
    .split('\n')
    .filter((line) => !line.startsWith('nanwatch: '))
  expect(others).toEqual(['step 1 loss 2.5', 'step 2 loss 2.4', 'step 3 loss nan', 'step 4 loss nan', ''])
  expect(await nanwatchJson(['alerts', '--db', db])).toMatchObject([{ rule: 'non-finite', step: 3 }])
}, 60_000)
