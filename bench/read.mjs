/**
 * Whether reading has become slower: checks the logs of test/fixtures, and those of the folders that are given, with the
 * build of another commit and with this one, in turn, and prints the ratio of the medians of processor time.
 *
 *     npm run bench:read -- [COMMIT] [FOLDER ...]
 *
 * COMMIT is the one before by default. It is built in a temporary folder, with the packages that are installed here.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OWN_BUILD, otherBuild } from './other-build.mjs'
import { endedChildrenSeconds } from './processor-time.mjs'
import { median } from './spread.mjs'

const ROUNDS = 10
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const [commit = 'HEAD~1', ...given] = process.argv.slice(2)
const folders = [join(ROOT, 'test/fixtures'), ...given]
const missing = folders.find((folder) => !existsSync(folder))
if (missing !== undefined) {
  console.error(`bench:read: there is no folder ${missing}`)
  process.exit(1)
}

const before = otherBuild(commit)
try {
  const builds = { before: before.main, after: OWN_BUILD.main }
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
  before.remove()
}

/** What a whole check of the folders takes. */
function processorSeconds(main) {
  const earlier = endedChildrenSeconds()
  spawnSync(process.execPath, [main, 'check', ...folders, '--json'], { stdio: 'ignore' })
  return endedChildrenSeconds() - earlier
}
