import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/find-chromium.mjs'
import { Daemon, temporaryFolder } from './nanwatch.ts'

let browser: Browser
let daemon: Daemon
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGS] })
  daemon = new Daemon(['demo', '--out', temporaryFolder()])
  page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(await daemon.url())
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await daemon?.stop('SIGKILL')
})

test('the alert of the dying job arrives in the open page, with its cause', async () => {
  const alert = page.locator('[data-testid="alert-item"]', { hasText: 'loss is Infinity' }).first()
  await alert.waitFor({ timeout: 30_000 })
  const message = () => alert.locator('[data-testid="alert-message"]').textContent()
  expect(await message()).toMatch(/step 105: loss is Infinity/)
  // On a busy machine the loss may be read before the predictions.
  await expect
    .poll(message, { timeout: 10_000 })
    .toMatch(/7 of 120 rows gave the true class a probability of exactly 0/)
  expect(await alert.getAttribute('data-severity')).toBe('critical')
})

test('the terminal gets the same alert as a JSON line, which is surely a log(0)', async () => {
  // On a busy machine the loss may be read before the predictions that prove the cause.
  const isProven = ({ cause }: Record<string, unknown>) =>
    (cause as { confidence?: string } | null)?.confidence === 'strong'
  const alert = await daemon.event('alert', (event) => event['rule'] === 'non-finite' && isProven(event))
  expect(alert).toMatchObject({
    run: 'iris-naive',
    metric: 'loss',
    role: 'train_loss',
    step: 105,
    attempt: 0,
    value: 'Infinity',
    severity: 'critical',
    cause: { code: 'R1-log-zero', confidence: 'strong' },
  })
})

test('the page shows the failed run, the healthy one, and that it is live', async () => {
  const state = (run: string) => page.locator(`[data-testid="run-item"][data-run="${run}"] [data-testid="run-state"]`)
  await expect.poll(() => state('iris-naive').textContent(), { timeout: 10_000 }).toMatch(/failed/i)
  await expect.poll(() => state('iris-stable').textContent()).toMatch(/running/i)
  await expect.poll(() => page.locator('[data-testid="connection"]').textContent()).toMatch(/live/i)
})

test('the first non-finite value is a mark in the chart, named with its step', async () => {
  await page.locator('[data-testid="run-item"][data-run="iris-naive"]').click()
  const mark = page.locator('[data-testid="non-finite-mark"]', { hasText: '105' }).first()
  await mark.waitFor({ timeout: 10_000 })
})

test('a page that was away gets the alerts it missed', async () => {
  await page.reload()
  await page.locator('[data-testid="alert-item"][data-severity="critical"]').first().waitFor({ timeout: 10_000 })
})

test('the healthy run raises no alert and the page has nothing to complain about', async () => {
  const alerts = daemon.events.filter((event) => event['type'] === 'alert' && event['run'] === 'iris-stable')
  expect(alerts).toEqual([])
  expect(complaints).toEqual([])
})

test('Ctrl-C stops everything cleanly', async () => {
  expect(await daemon.stop('SIGINT')).toBe(0)
  expect(daemon.events.at(-1)).toEqual({ type: 'stopped' })
})
