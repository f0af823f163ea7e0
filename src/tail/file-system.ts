import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorMessage } from '../protocol/error-message.ts'

/** A file system by its name, and whether each write to it gives an event. */
export interface FileSystem {
  readonly name: string
  readonly hasEvents: boolean
}

/** The magic numbers of statfs(2): https://man7.org/linux/man-pages/man2/statfs.2.html */
const LOCAL: Readonly<Record<number, string>> = {
  61267: 'ext2/3/4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  16914836: 'tmpfs',
  2240043254: 'ramfs',
  801189825: 'zfs',
  4076150800: 'f2fs',
  827541066: 'jfs',
  1382369651: 'reiserfs',
  3393526350: 'bcachefs',
  13364: 'nilfs2',
  19780: 'vfat',
  538032816: 'exfat',
  1936094318: 'ntfs3',
}

/** Other machines, or other layers, can write to these without an event of the kernel here. */
const REMOTE: Readonly<Record<number, string>> = {
  26985: 'nfs',
  20859: 'smb',
  4283649346: 'cifs',
  4266872130: 'smb2',
  198183888: 'lustre',
  1196443219: 'gpfs',
  1702057286: 'fuse',
  16914839: '9p',
  2035054128: 'overlay',
  12805120: 'ceph',
  2020557398: 'vboxsf',
  2088527475: 'prl_fs',
  2866260714: 'panfs',
  1397113167: 'afs',
  1937076805: 'coda',
  428016422: 'beegfs',
  18225520: 'gfs2',
  1952539503: 'ocfs2',
}

/** macOS numbers its file systems as they are loaded; only the one of its own disks has a number that stays. */
const LOCAL_ON_MACOS: Readonly<Record<number, string>> = { 26: 'apfs' }

/** Names the type that statfs gave. What is not known to be local is not trusted to send events. */
export function fileSystemOfType(type: bigint, platform: string): FileSystem {
  // A 32-bit kernel gives the larger ones as negative numbers.
  const number = Number(BigInt.asUintN(32, type))
  const local = platform === 'darwin' ? LOCAL_ON_MACOS[number] : LOCAL[number]
  if (local !== undefined) return { name: local, hasEvents: true }
  const remote = platform === 'darwin' ? undefined : REMOTE[number]
  return { name: remote ?? `of the unknown type 0x${number.toString(16)}`, hasEvents: false }
}

/** The file system that holds `path`, or would hold it once it is there. */
export async function fileSystemAt(path: string): Promise<FileSystem> {
  try {
    return fileSystemOfType((await statfs(path, { bigint: true })).type, process.platform)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(path) !== path
    if (isMissing) return fileSystemAt(dirname(path))
    return { name: `that cannot be asked (${errorMessage(error)})`, hasEvents: false }
  }
}
