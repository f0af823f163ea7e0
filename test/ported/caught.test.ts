import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Commit } from '../../src/core/pipeline/commit.ts'
import { MODES } from './modes.ts'
import { expectedOf, playCase } from './ported.ts'
import { TABLE } from './table.ts'

const HASH_OF_NOTHING = createHash('sha256').update('').digest('hex').slice(0, 32)
const IMPATIENT_MS = 1500

/** What a store would hold if a file were known by its inode and its size. */
function withoutHashes(commit: Commit): Commit {
  const files = commit.files.map((update) => {
    const { cursor } = update.file
    if (cursor === null) return update
    const blind = { headBytes: 0, headHash: HASH_OF_NOTHING, anchorBytes: 0, anchorHash: HASH_OF_NOTHING }
    return { ...update, file: { ...update.file, cursor: { ...cursor, ...blind } } }
  })
  return { ...commit, files }
}

test('a daemon that remembers files by inode and size alone fails where they change while it is stopped', async () => {
  const names = /^a truncation to the same size while|^a truncation to a larger size while|made again while stopped/
  const failing = Object.values(TABLE)
    .flat()
    .filter(({ name }) => names.test(name))
  expect(failing).toHaveLength(3)
  for (const ported of failing) {
    const found = await playCase(ported, MODES[0]!, { remember: withoutHashes, patienceMs: IMPATIENT_MS })
    expect(found, ported.name).not.toEqual(expectedOf(ported))
  }
})
