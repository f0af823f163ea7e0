import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const NAMES_IN_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

const MACOS_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

const HEADLESS_SHELL_NAMES = ['chrome-headless-shell', 'chrome-headless-shell.exe']

const VERSION_TIMEOUT_MS = 20_000

const HOW_TO_GET_ONE = [
  'no Chromium found for the browser tests. Do one of these, then run the tests again:',
  '  npx playwright-core install --with-deps chromium-headless-shell',
  '  sudo apt-get install chromium',
  '  export NANWATCH_CHROMIUM=/path/to/chromium-or-chrome',
].join('\n')

/**
 * What a browser of the tests is started with.
 *
 * The pages are our own and on loopback, so nothing here may call home: on a
 * closed network each such call would wait for its timeout. As root Chromium
 * refuses to start inside its sandbox.
 */
export const CHROMIUM_ARGS = [
  '--headless',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The path of the Chromium that the browser tests use.
 *
 * NANWATCH_CHROMIUM decides alone where it is set. Else it is the first of
 * Playwright's own build, the names in PATH and the macOS applications that
 * answers `--version`. Throws, with the commands to type, where there is none.
 */
export function findChromium() {
  const named = process.env['NANWATCH_CHROMIUM']
  if (named) return checkNamed(named)
  const path = candidates().find((candidate) => isExecutable(candidate) && answersVersion(candidate))
  if (path === undefined) throw new Error(HOW_TO_GET_ONE)
  return path
}

function checkNamed(path) {
  if (isExecutable(path)) return path
  throw new Error(
    `NANWATCH_CHROMIUM: ${path} is not an executable file. Name a Chromium or Chrome binary, or unset it.`,
  )
}

function candidates() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return [
    ...playwrightBuilds(),
    ...NAMES_IN_PATH.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(process.platform === 'darwin' ? MACOS_APPLICATIONS : []),
  ]
}

/** Playwright names the place of the full browser only; its headless shell lies in a folder beside that one. */
function playwrightBuilds() {
  const full = playwrightExecutable()
  if (full === undefined) return []
  const shellFolder = full.replace(/([\\/])chromium-(\d+)[\\/].*$/, '$1chromium_headless_shell-$2')
  const shells = list(shellFolder).flatMap((folder) =>
    HEADLESS_SHELL_NAMES.map((name) => join(shellFolder, folder, name)),
  )
  return [...shells, full]
}

function playwrightExecutable() {
  try {
    return chromium.executablePath()
  } catch {
    // Playwright throws on a platform that it has no build for.
    return undefined
  }
}

function list(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Tells a browser from Ubuntu's `chromium-browser`, a script that only asks for a snap, and from one without its libraries. */
function answersVersion(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: VERSION_TIMEOUT_MS }).status === 0
}
