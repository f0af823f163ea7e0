import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Probe, probeEvents } from './event-probe.ts'
import { type FileSystem, fileSystemAt } from './file-system.ts'
import { isWithin } from './path-within.ts'

/** How a root is kept up with, and why so. */
export interface RootMode {
  readonly root: string
  readonly mode: 'events' | 'polling'
  readonly reason: string
}

/** How each root is kept up with. One that falls back to polling stays there until the next start. */
export class WatchModes {
  readonly #modes: Map<string, RootMode>

  constructor(modes: readonly RootMode[]) {
    this.#modes = new Map(modes.map((mode) => [mode.root, mode]))
  }

  list(): readonly RootMode[] {
    return [...this.#modes.values()]
  }

  /** Whether no events are to be had for this path. Of roots within each other, the innermost decides. */
  isPolled(path: string): boolean {
    return this.#rootOf(path)?.mode === 'polling'
  }

  /** Takes over what was found out about a root that has come. One that is polled stays so. */
  found(mode: RootMode): void {
    if (this.#modes.get(mode.root)?.mode !== 'polling') this.#modes.set(mode.root, mode)
  }

  /** Polls the root of `path` from now on. Answers with the root, or null where it was polled already. */
  fallBack(path: string, reason: string): string | null {
    const before = this.#rootOf(path)
    if (before === undefined || before.mode === 'polling') return null
    this.#modes.set(before.root, { root: before.root, mode: 'polling', reason })
    return before.root
  }

  /** The root that is given as a file watches its folder, so that folder belongs to it too. */
  #rootOf(path: string): RootMode | undefined {
    const candidates = this.list().filter(({ root }) => isWithin(path, root))
    if (candidates.length > 0) return candidates.reduce((a, b) => (b.root.length > a.root.length ? b : a))
    return this.list().find(({ root }) => dirname(root) === path)
  }
}

/**
 * Finds out for each root whether its events are to be trusted: by the type of
 * its file system, and then by a probe that is written in `ownFolder` where
 * that is on the same device, or else next to the logs where we may.
 */
export async function detectModes(roots: readonly string[], ownFolder: string): Promise<readonly RootMode[]> {
  const probes = new Map<string, Promise<Probe>>()
  const probe = (folder: string) => {
    const probing = probes.get(folder) ?? probeEvents(folder)
    probes.set(folder, probing)
    return probing
  }
  return Promise.all(
    roots.map(async (root) => {
      const fileSystem = await fileSystemAt(root)
      const folder = fileSystem.hasEvents ? await probeFolder(root, ownFolder) : null
      return modeOf(root, fileSystem, folder === null ? { kind: 'not-there' } : await probe(folder))
    }),
  )
}

/** The verdict over what was found out about a root. */
export function modeOf(root: string, fileSystem: FileSystem, probe: Probe | { readonly kind: 'not-there' }): RootMode {
  if (!fileSystem.hasEvents) {
    return { root, mode: 'polling', reason: `events are not reliable on a file system ${fileSystem.name}` }
  }
  switch (probe.kind) {
    case 'seen':
      return { root, mode: 'events', reason: `${fileSystem.name}, and a probe was heard` }
    case 'not-writable':
      return { root, mode: 'events', reason: `${fileSystem.name}; not probed, for nothing can be written there` }
    case 'not-there':
      return { root, mode: 'events', reason: `${fileSystem.name}; to be probed once it is there` }
    case 'not-seen':
      return { root, mode: 'polling', reason: probe.reason }
  }
}

async function probeFolder(root: string, ownFolder: string): Promise<string | null> {
  try {
    const [seen, own] = await Promise.all([stat(root), stat(ownFolder)])
    if (seen.dev === own.dev) return ownFolder
    return seen.isDirectory() ? root : dirname(root)
  } catch {
    // A root that is not there yet cannot be probed; its file system's type decides.
    return null
  }
}
