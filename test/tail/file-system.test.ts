import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileSystemAt, fileSystemOfType } from '../../src/tail/file-system.ts'
import { tempFolder } from '../temp-folder.ts'

describe('a file system', () => {
  const cases = [
    { name: 'ext2/3/4', type: 0xef53n, hasEvents: true },
    { name: 'xfs', type: 0x58465342n, hasEvents: true },
    { name: 'btrfs', type: 0x9123683en, hasEvents: true },
    { name: 'btrfs', type: -0x6edc97c2n, hasEvents: true },
    { name: 'tmpfs', type: 0x01021994n, hasEvents: true },
    { name: 'zfs', type: 0x2fc12fc1n, hasEvents: true },
    { name: 'f2fs', type: 0xf2f52010n, hasEvents: true },
    { name: 'apfs', type: 0x1an, hasEvents: true, platform: 'darwin' },
    { name: 'nfs', type: 0x6969n, hasEvents: false },
    { name: 'smb', type: 0x517bn, hasEvents: false },
    { name: 'cifs', type: 0xff534d42n, hasEvents: false },
    { name: 'lustre', type: 0x0bd00bd0n, hasEvents: false },
    { name: 'gpfs', type: 0x47504653n, hasEvents: false },
    { name: 'fuse', type: 0x65735546n, hasEvents: false },
    { name: '9p', type: 0x01021997n, hasEvents: false },
    { name: 'overlay', type: 0x794c7630n, hasEvents: false },
    { name: 'of the unknown type 0x1a', type: 0x1an, hasEvents: false },
    { name: 'of the unknown type 0x6969', type: 0x6969n, hasEvents: false, platform: 'darwin' },
  ]
  for (const { name, type, hasEvents, platform = 'linux' } of cases) {
    const verdict = hasEvents ? 'is trusted to send events' : 'is polled'
    test(`${name}, number ${type} on ${platform}, ${verdict}`, () => {
      expect(fileSystemOfType(type, platform)).toEqual({ name, hasEvents })
    })
  }

  test('of a path that is not there yet is that of the folder it would be in', async () => {
    const folder = await tempFolder()
    expect(await fileSystemAt(join(folder, 'not', 'yet'))).toEqual(await fileSystemAt(folder))
  })
})
