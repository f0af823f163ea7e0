import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Daemon, temporaryFolder } from './nanwatch.ts'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

test('a daemon whose program was replaced says so to who asks, and watches on', async () => {
  const installed = temporaryFolder()
  cpSync(join(ROOT, 'dist'), join(installed, 'dist'), { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'))
  const logs = join(installed, 'logs')
  mkdirSync(logs)
  const log = join(logs, 'train.log')
  writeFileSync(log, 'step 1 loss 0.5\nstep 2 loss 0.4\n')
  const database = join(installed, 'history.db')
  const daemon = new Daemon(['watch', logs, '--db', database, '--port', '0'], join(installed, 'dist', 'main.js'))
  onTestFinished(async () => {
    await daemon.stop('SIGTERM')
    rmSync(installed, { recursive: true, force: true })
  })
  const url = await daemon.url()

  const chunks = join(installed, 'dist', 'chunks')
  for (const name of readdirSync(chunks)) if (name.startsWith('web-')) rmSync(join(chunks, name))
  for (const path of ['/', '/api/runs', '/ws']) {
    const response = await fetch(`${url}${path}`)
    expect(response.status).toBe(503)
    expect(await response.text()).toMatch(/installed anew\? Start its daemon again/)
  }
  appendFileSync(log, 'step 3 loss nan\n')
  expect(await daemon.event('alert')).toMatchObject({ rule: 'non-finite', step: 3 })
})
