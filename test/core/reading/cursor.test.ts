import { expect, test } from 'vitest'
import { type Cursor, isWrittenAnew, type Observation, resume } from '../../../src/core/reading/cursor.ts'

const CURSOR: Cursor = {
  device: '66306',
  inode: '9007199254740993',
  headBytes: 256,
  headHash: 'head',
  offset: 1000,
  anchorBytes: 64,
  anchorHash: 'anchor',
  generation: 2,
  encoding: 'utf-8',
  container: null,
  isBinary: false,
  inLongLine: false,
  isEnded: false,
}

const SAME: Observation = {
  device: '66306',
  inode: '9007199254740993',
  sizeBytes: 1000,
  writtenMs: 1_700_000_000_000,
  sameHead: true,
  sameAnchor: true,
}
const OTHER_INODE = { inode: '9007199254740992' }

const cases: readonly {
  readonly name: string
  readonly seen: Partial<Observation>
  readonly kind: ReturnType<typeof resume>['kind']
}[] = [
  { name: 'the same file of the same size is unchanged', seen: {}, kind: 'unchanged' },
  { name: 'the same file with more bytes has grown', seen: { sizeBytes: 1001 }, kind: 'grown' },
  { name: 'the same file with fewer bytes was truncated', seen: { sizeBytes: 999 }, kind: 'rewritten' },
  { name: 'the same file, emptied', seen: { sizeBytes: 0 }, kind: 'rewritten' },
  { name: 'another beginning is another content', seen: { sameHead: false }, kind: 'rewritten' },
  {
    name: 'a truncated file that grew beyond the cursor',
    seen: { sizeBytes: 5000, sameHead: false },
    kind: 'rewritten',
  },
  { name: 'the same beginning with another middle', seen: { sizeBytes: 5000, sameAnchor: false }, kind: 'rewritten' },
  { name: 'an inode used again for other content', seen: { sameHead: false, sameAnchor: false }, kind: 'rewritten' },
  { name: 'another file with other content', seen: { ...OTHER_INODE, sameHead: false }, kind: 'replaced' },
  { name: 'another file that is shorter', seen: { ...OTHER_INODE, sizeBytes: 10 }, kind: 'replaced' },
  { name: 'another file, the same until the cursor', seen: { ...OTHER_INODE, sizeBytes: 1200 }, kind: 'grown' },
  { name: 'an exact copy under the path', seen: OTHER_INODE, kind: 'unchanged' },
  { name: 'the same inode on another device', seen: { device: '1', sameAnchor: false }, kind: 'replaced' },
]

for (const { name, seen, kind } of cases) {
  test(`${name}: ${kind}`, () => expect(resume(CURSOR, { ...SAME, ...seen })).toEqual({ kind }))
}

test('a file without a cursor is seen for the first time, whatever is in it', () => {
  expect(resume(null, { ...SAME, sizeBytes: 0 })).toEqual({ kind: 'first-seen' })
  expect(resume(null, { ...SAME, sameHead: false })).toEqual({ kind: 'first-seen' })
})

test('nothing of the file was read yet: what comes is growth', () => {
  expect(resume({ ...CURSOR, offset: 0 }, SAME)).toEqual({ kind: 'grown' })
  expect(resume({ ...CURSOR, offset: 0 }, { ...SAME, sizeBytes: 0 })).toEqual({ kind: 'unchanged' })
})

test('a file was written anew where it holds the same, and was written later', () => {
  const { writtenMs } = SAME
  const later = { ...SAME, writtenMs: writtenMs + 1 }
  const cursor = { ...CURSOR, writtenMs }
  expect(isWrittenAnew(cursor, later)).toBe(true)
  expect(isWrittenAnew(cursor, SAME)).toBe(false)
  expect(isWrittenAnew(cursor, { ...later, sizeBytes: 1001 })).toBe(false)
  expect(isWrittenAnew(cursor, { ...later, sameHead: false })).toBe(false)
  expect(isWrittenAnew(CURSOR, later)).toBe(false)
})
