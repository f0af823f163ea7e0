/** Whether `path` is `root` itself or lies below it. Both are absolute. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`)
}
