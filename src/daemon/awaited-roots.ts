import { stat } from 'node:fs/promises'

/** How long a root that comes may go unnoticed. */
const LOOK_MS = 1000

/** What is said of a root that has not been there, and of one that has. */
export const NOT_THERE_YET = 'it is not there yet: it is followed as soon as it comes; see that its name is right'
export const GONE = 'it is gone: it is followed again as soon as it is back'

export interface AwaitedRoots {
  /** Waits for a root if it is not there, which is told with this reason. Answers whether it waits. */
  await(root: string, reason: string): Promise<boolean>
  close(): Promise<void>
}

/** Whether nothing is at this path. One that may not be looked at counts as there: that is another problem. */
export async function isAbsent(path: string): Promise<boolean> {
  try {
    await stat(path)
    return false
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

/** Waits for roots that are not there. Calls back once for each that is waited for, and once when it has come. */
export function awaitRoots(
  onAbsent: (root: string, reason: string) => void,
  onCome: (root: string) => Promise<void>,
): AwaitedRoots {
  const absent = new Set<string>()
  let last: Promise<void> = Promise.resolve()
  const look = async () => {
    for (const root of absent) {
      if ((await isAbsent(root)) || !absent.delete(root)) continue
      await onCome(root)
    }
  }
  const timer = setInterval(() => {
    if (absent.size > 0) last = last.then(look)
  }, LOOK_MS)
  return {
    async await(root, reason) {
      if (!(await isAbsent(root))) return false
      if (!absent.has(root)) {
        absent.add(root)
        onAbsent(root, reason)
      }
      return true
    },
    async close() {
      clearInterval(timer)
      await last
    },
  }
}
