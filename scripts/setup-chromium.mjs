/**
 * The set-up step of `npm test`: makes sure that a Chromium is there and starts.
 *
 * Prints its path on stdout and what it does on stderr. Exits 1 with the
 * commands to type where none can be had, so that the browser tests are never
 * passed by leaving them out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from './find-chromium.mjs'

const DOWNLOAD_TIMEOUT_MS = 180_000
const DOWNLOAD_CONNECTION_TIMEOUT_MS = 15_000
const APT_TIMEOUT_MS = 600_000
const LAUNCH_TIMEOUT_MS = 60_000

/** Tried in this order. One that fails says so, and the next is tried. */
const WAYS_TO_GET_ONE = [downloadPlaywrightBuild, installDebianPackage]

try {
  const path = findOrGet()
  const version = await launchOnce(path)
  console.error(`Chromium ${version} for the browser tests:`)
  console.log(path)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

function findOrGet() {
  for (const getOne of WAYS_TO_GET_ONE) {
    const path = found()
    if (path !== undefined) return path
    getOne()
  }
  return findChromium()
}

/** A path, or undefined where there is none yet. A wrong NANWATCH_CHROMIUM is no reason to download another. */
function found() {
  try {
    return findChromium()
  } catch (error) {
    if (process.env['NANWATCH_CHROMIUM']) throw error
    return undefined
  }
}

function downloadPlaywrightBuild() {
  console.error('No Chromium found. Downloading the build of Playwright (about 110 MB, for at most three minutes) …')
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js')
  run([process.execPath, cli, 'install', 'chromium-headless-shell'], DOWNLOAD_TIMEOUT_MS, {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(DOWNLOAD_CONNECTION_TIMEOUT_MS),
  })
}

/** Also brings the system libraries that a build of Playwright needs, where that one was downloaded but did not start. */
function installDebianPackage() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.error('No Chromium that starts yet. Installing the package of the system with apt-get …')
  run(['apt-get', 'update'], APT_TIMEOUT_MS)
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'chromium']
  run(install, APT_TIMEOUT_MS, { DEBIAN_FRONTEND: 'noninteractive' })
}

function run([command, ...args], timeoutMs, env = {}) {
  const done = spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: Infinity,
  })
  if (done.status === 0) return
  console.error(`  … which failed: ${reasonOf(done, timeoutMs)}`)
}

function reasonOf({ error, status, stdout, stderr }, timeoutMs) {
  if (error?.code === 'ETIMEDOUT') return `no end after ${timeoutMs / 1000} s`
  if (error) return error.message
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim())
  return lines.find((line) => /^(E:|Error:)/.test(line)) ?? `exit code ${status}`
}

async function launchOnce(executablePath) {
  try {
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS, timeout: LAUNCH_TIMEOUT_MS })
    const version = browser.version()
    await browser.close()
    return version
  } catch (error) {
    const [reason] = error.message.split('\n')
    throw new Error(
      `${executablePath} was found but does not start: ${reason}\n` +
        'Name another with NANWATCH_CHROMIUM=/path/to/chromium-or-chrome, or run it by hand to see what it misses.',
      { cause: error },
    )
  }
}
