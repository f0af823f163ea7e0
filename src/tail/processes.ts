import { type BigIntStats, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { basename } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { isPassingOn, type WritingProcess } from '../core/job/writer.ts'
import { inodeKey } from '../core/reading/inode-key.ts'

/** A file that a process holds open for writing. */
export interface OpenForWriting extends WritingProcess {
  /** The link of its descriptor below /proc, by which the file can be looked up again. */
  readonly link: string
  /** Where the file was found. */
  readonly path: string
  /** Its device and inode. */
  readonly key: string
  /** Set where the descriptor is that of a pipe, of which another process writes on to the file, as `tee` does. */
  readonly isPiped?: true
}

/** The processes of this machine, as far as they can be seen. */
export interface Processes {
  /** The machine and the namespace of its processes; the numbers of two places have nothing to do with each other. */
  readonly place: string
  /** By path, who holds each of these files open for writing, and then who pipes into those. Files that nobody is seen to hold are not there. */
  holdersOf(paths: Iterable<string>): Promise<ReadonlyMap<string, readonly OpenForWriting[]>>
  /** Whether a process still holds the file that it was seen to hold, and the file is still at its path. */
  stillHolds(holder: OpenForWriting): boolean
  /** Whether a process that no longer holds a file at its path may write on: to the file under another name, or where it cannot be seen. */
  mayWriteOn(holder: Pick<OpenForWriting, 'pid'> & Partial<OpenForWriting>): boolean
  /** When the program began that a process is part of; null where that cannot be seen. */
  beganMs(process: Pick<WritingProcess, 'pid'>): number | null
  /** How long a process has been running, by a clock that nobody sets; null where that cannot be seen. */
  ageMs(process: Pick<WritingProcess, 'pid'>): number | null
  /** The program that a process is part of, by the number of its first process, and then those that started it. */
  programsOf(process: Pick<WritingProcess, 'pid'>): readonly number[]
  /** Whether a process has started another program since, which holds the same file as its output. */
  hasStartedAnother(holder: OpenForWriting, sinceMs: number): boolean
  /** Whether a process is there and has not ended. One that has, and is not yet waited for, holds no files any more. */
  lives(process: WritingProcess): boolean
}

/** Processes are looked at this many at a time: other work runs in between. */
const SLICE = 32
/** The descriptors of stdout and stderr, and so many pipes may stand between a job and its log. */
const OUTPUTS = [1, 2]
const DEEPEST_PIPE = 4
/** The bits of the flags of a descriptor that say how it was opened; 0 is for reading only. */
const ACCESS_MODE = 0o3
/** How long the ticks are in which the kernel counts since when a process runs. */
const TICK_MS = 10
/** When this process began. */
const BEGAN_MS = Date.now() - 1000 * process.uptime()
/** What Python starts to help a program, where it does not fork it. */
const HELPER = /multiprocessing|loky/

/**
 * The processes of a Linux machine, by /proc. Elsewhere none is seen.
 *
 * Readers such as `tail -f` hold a log for reading only and do not count, nor does this process. Processes of other
 * users, or outside of the own namespace, cannot be looked into.
 */
export function processesOf(proc = '/proc'): Processes {
  return {
    place: `${hostname()} ${linkAt(`${proc}/self/ns/pid`) ?? ''}`,

    async holdersOf(paths) {
      const wanted = new Map<string, string>()
      const names = new Set<string>()
      for (const path of paths) {
        const key = keyAt(path)
        if (key === null) continue
        wanted.set(key, path)
        names.add(basename(path))
      }
      const found = new Map<string, OpenForWriting[]>()
      if (wanted.size === 0) return found
      let looked = 0
      for (const entry of listed(proc)) {
        const pid = Number(entry)
        if (!Number.isInteger(pid) || pid === process.pid) continue
        if (++looked % SLICE === 0) await breathe()
        for (const fd of listed(`${proc}/${pid}/fd`)) {
          const link = `${proc}/${pid}/fd/${fd}`
          const target = linkAt(link)
          // In another mount namespace the path is another one, and its last part is the same.
          if (target === null || !names.has(basename(target).replace(/ \(deleted\)$/, ''))) continue
          const key = keyAt(link)
          const path = key === null ? undefined : wanted.get(key)
          if (key === null || path === undefined || !isForWriting(`${proc}/${pid}/fdinfo/${fd}`)) continue
          const holder = { pid, name: nameOf(`${proc}/${pid}/comm`), link, path, key }
          found.set(path, [...(found.get(path) ?? []), holder])
        }
      }
      for (let last = [...found.values()].flat(), depth = 0; last.length > 0 && depth < DEEPEST_PIPE; depth++) {
        last = pipingInto(proc, last)
        for (const holder of last) found.set(holder.path, [...(found.get(holder.path) ?? []), holder])
      }
      return found
    },

    stillHolds: ({ link, path, key, isPiped }) => keyAt(link) === key && (isPiped === true || keyAt(path) === key),

    mayWriteOn({ pid, link, key }) {
      if (link !== undefined && keyAt(link) === key) return true
      return keyAt(`${proc}/${pid}`) !== null && !isOpenTo(`${proc}/${pid}/fd`)
    },

    beganMs({ pid }) {
      const [program, self] = [programOf(proc, pid), birthOf(proc, process.pid)]
      if (program === null || self === null) return null
      return BEGAN_MS + (program.ticks - self.ticks) * TICK_MS
    },

    ageMs({ pid }) {
      const program = programOf(proc, pid)
      // In a container the machine may be told to be younger than its processes.
      const ageMs = program === null ? -1 : 1000 * uptime() - program.ticks * TICK_MS
      return ageMs < 0 ? null : ageMs
    },

    programsOf({ pid }) {
      const programs: number[] = []
      for (let next = pid; next > 1; ) {
        const program = programOf(proc, next)
        if (program === null) break
        programs.push(program.pid)
        next = program.parent
      }
      return programs
    },

    hasStartedAnother({ pid, key }, sinceMs) {
      const own = programOf(proc, pid)?.pid
      return childrenOf(proc, pid).some((child) => {
        const beganMs = this.beganMs({ pid: child }) ?? Number.NEGATIVE_INFINITY
        const isHolding = () => OUTPUTS.some((fd) => keyAt(`${proc}/${child}/fd/${fd}`) === key)
        return beganMs > sinceMs && programOf(proc, child)?.pid !== own && isHolding()
      })
    },

    // The number of a process that has ended may be given to another.
    lives: ({ pid, name }) =>
      nameOf(`${proc}/${pid}/comm`) === name && !/^State:\s*[ZX]/m.test(textAt(`${proc}/${pid}/status`)),
  }
}

/** Who writes into the pipes that such as `tee` read from. */
function pipingInto(proc: string, holders: readonly OpenForWriting[]): OpenForWriting[] {
  const pathsByPipe = new Map<string, string>()
  for (const { pid, name, path } of holders) {
    const input = isPassingOn(name) ? linkAt(`${proc}/${pid}/fd/0`) : null
    if (input?.startsWith('pipe:') === true) pathsByPipe.set(input, path)
  }
  if (pathsByPipe.size === 0) return []
  return listed(proc).flatMap((entry) => {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) return []
    const link = OUTPUTS.map((fd) => `${proc}/${pid}/fd/${fd}`).find((output) => pathsByPipe.has(linkAt(output) ?? ''))
    const path = link === undefined ? undefined : pathsByPipe.get(linkAt(link) ?? '')
    const key = link === undefined ? null : keyAt(link)
    if (link === undefined || path === undefined || key === null) return []
    return { pid, name: nameOf(`${proc}/${pid}/comm`), link, path, key, isPiped: true }
  })
}

interface Birth {
  readonly pid: number
  readonly parent: number
  readonly ticks: number
}

function birthOf(proc: string, pid: number): Birth | null {
  const stat = textAt(`${proc}/${pid}/stat`)
  // Behind its name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [parent, ticks] = [Number(fields[1]), Number(fields[19])]
  return Number.isFinite(parent) && Number.isFinite(ticks) ? { pid, parent, ticks } : null
}

/** The birth of the program that a process is part of: what a program forks, or starts to help it, is no other one. */
function programOf(proc: string, pid: number): Birth | null {
  const birth = birthOf(proc, pid)
  const command = textAt(`${proc}/${pid}/cmdline`)
  if (birth === null || birth.parent <= 1) return birth
  const isPart = HELPER.test(command) || command === textAt(`${proc}/${birth.parent}/cmdline`)
  return isPart ? (programOf(proc, birth.parent) ?? birth) : birth
}

function childrenOf(proc: string, pid: number): number[] {
  return listed(`${proc}/${pid}/task`).flatMap((thread) =>
    textAt(`${proc}/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  )
}

/** The entries of a folder; none where it is gone or closed to this user. */
function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Whether this user may list a folder. */
function isOpenTo(folder: string): boolean {
  try {
    readdirSync(folder)
    return true
  } catch {
    return false
  }
}

function linkAt(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

/** The device and inode of what is at a path, or null. */
function keyAt(path: string): string | null {
  let stat: BigIntStats | undefined
  try {
    stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return null
  }
  return stat === undefined ? null : inodeKey(String(stat.dev), String(stat.ino))
}

function isForWriting(fdinfo: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(textAt(fdinfo))?.[1]
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0
}

/** The name of a process; it may hold any byte. */
function nameOf(comm: string): string {
  return textAt(comm)
    .trim()
    .replace(/[^\x20-\x7e]/g, '?')
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
