/**
 * Whether reading has become slower: checks the logs of test/fixtures, and those of the folders that are given, with the
 * build of another commit and with this one, in turn, and prints the ratio of the medians of processor time.
 *
 *     npm run bench:read -- [COMMIT] [FOLDER ...]
 *
 * COMMIT is the one before by default. It is built in a temporary folder, with the packages that are installed here.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROUNDS = 10
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const [commit = 'HEAD~1', ...given] = process.argv.slice(2)
const folders = [join(ROOT, 'test/fixtures'), ...given]
const missing = folders.find((folder) => !existsSync(folder))
if (missing !== undefined) {
  console.error(`bench:read: there is no folder ${missing}`)
  process.exit(1)
}

const before = mkdtempSync(join(tmpdir(), 'nanwatch-before-'))
const git = (...rest) => execFileSync('git', ['-C', ROOT, ...rest], { stdio: ['ignore', 'ignore', 'inherit'] })
git('worktree', 'add', '--detach', before, commit)
try {
  symlinkSync(join(ROOT, 'node_modules'), join(before, 'node_modules'))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: before, stdio: ['ignore', 'ignore', 'inherit'] })
  const builds = { before: join(before, 'dist/main.js'), after: join(ROOT, 'dist/main.js') }
  const seconds = { before: [], after: [] }
  // The first reading of each warms the caches of the disk, and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of round % 2 === 0 ? ['before', 'after'] : ['after', 'before']) {
      const taken = processorSeconds(builds[name])
      if (round > 0) seconds[name].push(taken)
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${round} of ${ROUNDS} rounds`)
  }
  if (process.stderr.isTTY) process.stderr.write('\n')
  const [one, other] = [median(seconds.before), median(seconds.after)]
  console.log(`before (${commit}): ${one.toFixed(2)} s of processor time, median of ${ROUNDS}`)
  console.log(`after:  ${other.toFixed(2)} s`)
  console.log(`ratio: ${(other / one).toFixed(3)}`)
} finally {
  git('worktree', 'remove', '--force', before)
  rmSync(before, { recursive: true, force: true })
}

/** What a whole check of the folders takes, in the process itself and in the kernel. */
function processorSeconds(main) {
  const script = `
    const { spawnSync } = require('node:child_process')
    spawnSync(process.execPath, ${JSON.stringify([main, 'check', ...folders, '--json'])}, { stdio: 'ignore' })
    console.log(require('node:fs').readFileSync('/proc/self/stat', 'utf8'))`
  const stat = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  // Behind the name: the ticks of the children that have ended, in their own code and in the kernel.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
}
