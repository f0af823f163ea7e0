/** Device and inode as one text: equal for two names of one file. Numbers would be rounded on some file systems. */
export function inodeKey(device: string | bigint, inode: string | bigint): string {
  return `${device}:${inode}`
}
