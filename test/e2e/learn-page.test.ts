import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/find-chromium.mjs'
import { Daemon, temporaryFolder } from './nanwatch.ts'

let browser: Browser
let daemon: Daemon
let page: Page
let url: string
const complaints: string[] = []

/** A run that gives its truth the probabilities 1/2 and 1/4, and then none. */
const PREDICTIONS = [
  '{"step": 1, "probs": [[0.5, 0.5], [0.5, 0.5]], "labels": [0, 1], "loss": 0.6931472}',
  '{"step": 2, "probs": [[0.5, 0.5], [0.75, 0.25]], "labels": [0, 1], "loss": 1.0397208}',
  '{"step": 3, "probs": [[0.5, 0.5], [1.0, 0.0]], "labels": [0, 1], "loss": Infinity}',
]

beforeAll(async () => {
  const logs = join(temporaryFolder(), 'runs')
  for (const job of ['sick', 'scalars']) mkdirSync(join(logs, job), { recursive: true })
  writeFileSync(join(logs, 'sick', 'predictions.jsonl'), PREDICTIONS.map((line) => `${line}\n`).join(''))
  writeFileSync(join(logs, 'scalars', 'metrics.jsonl'), '{"step": 1, "loss": 0.5}\n')
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGS] })
  daemon = new Daemon(['watch', logs, '--db', join(temporaryFolder(), 'nanwatch.db'), '--port', '0'])
  page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  url = await daemon.url()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await daemon?.stop('SIGKILL')
})

const source = () => page.locator('[data-testid="lesson-source"]')
const lesson = () => page.locator('[data-testid="lesson"]')

test('the first view loads no lesson, and a press on Learn does', async () => {
  const scripts: string[] = []
  page.on('request', (request) => scripts.push(request.url()))
  await page.goto(`${url}/#run=sick`)
  await page.locator('[data-testid="run-item"][data-run="sick"]').waitFor({ timeout: 15_000 })
  expect(scripts.filter((each) => each.includes('lesson'))).toEqual([])
  await page.locator('[data-testid="learn"]').click()
  await lesson().getByRole('heading', { name: 'Surprise: −ln p' }).waitFor({ timeout: 10_000 })
  expect(scripts.some((each) => each.includes('lesson-page'))).toBe(true)
})

test('the numbers are those of the selected run, at the step before its loss broke', async () => {
  await expect.poll(() => source().textContent(), { timeout: 10_000 }).toBe('The numbers are of step 2 of sick.')
  const mean = lesson().locator('tr', { hasText: 'mean surprise of the truth' }).locator('td').nth(1)
  expect(Number(await mean.textContent())).toBeCloseTo(1.5 * Math.LN2, 4)
})

test('the address holds topic and run, so the page can be sent to a colleague', async () => {
  await lesson().getByRole('button', { name: 'The crash: log(0)' }).click()
  await expect.poll(() => new URL(page.url()).hash).toBe('#run=sick&learn=crash')
  await page.goto('about:blank')
  await page.goto(`${url}/#run=sick&learn=crash`)
  await lesson().getByRole('heading', { name: 'The crash: log(0)' }).waitFor({ timeout: 10_000 })
  expect(await lesson().locator('caption', { hasText: 'How sick broke, at step 3' }).count()).toBe(1)
})

test('every topic has charts or tables, in light and in dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const button of await lesson().locator('nav button').all()) {
      const title = await button.textContent()
      await button.click()
      await lesson().getByRole('heading', { name: title! }).waitFor({ timeout: 10_000 })
      expect(await lesson().locator('table').count(), title!).toBeGreaterThan(0)
    }
    const [ground, ink] = await page.evaluate<[string, string]>(
      "(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.querySelector('.lesson-formula')))",
    )
    expect(ground).not.toBe(ink)
  }
})

test('a run without predictions is explained with the numbers of the demo, and the page says so', async () => {
  await page.locator('[data-testid="run-item"][data-run="scalars"]').click()
  await expect.poll(() => source().textContent(), { timeout: 10_000 }).toMatch(/logged no predictions.*step 104/)
})

test('the way back leads to the charts, and the page has nothing to complain about', async () => {
  await page.locator('[data-testid="learn"]').click()
  await lesson().waitFor({ state: 'detached', timeout: 10_000 })
  expect(complaints).toEqual([])
})
