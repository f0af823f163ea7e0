import { expect, test } from 'vitest'
import { placeProblem } from '../../src/daemon/database-place.ts'
import { fileSystemOfType } from '../../src/tail/file-system.ts'

const PLACES = [
  { name: 'ext4', type: 61267n, isFine: true },
  { name: 'tmpfs', type: 16914836n, isFine: true },
  { name: 'an overlay, as in a container', type: 2035054128n, isFine: true },
  { name: 'NFS', type: 26985n, isFine: false },
  { name: 'FUSE', type: 1702057286n, isFine: false },
  { name: '9p', type: 16914839n, isFine: false },
]
for (const { name, type, isFine } of PLACES) {
  test(`a database on ${name} is ${isFine ? 'fine' : 'warned of'}`, () => {
    expect(placeProblem(fileSystemOfType(type, 'linux')) === null).toBe(isFine)
  })
}
