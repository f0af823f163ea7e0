import { type Disk, LOCAL_DISK } from '../../src/tail/disk.ts'

/** The real file system, of which some paths cannot be opened, asked for or listed for a time. */
export class FaultyDisk {
  readonly #faults = new Map<string, string>()

  /** Lets everything that is asked of `path` fail with `code`, or no longer fail. */
  fail(path: string, code: string | null): void {
    if (code === null) this.#faults.delete(path)
    else this.#faults.set(path, code)
  }

  readonly disk: Disk = {
    open: this.#guarded(LOCAL_DISK.open),
    stat: this.#guarded(LOCAL_DISK.stat),
    readdir: this.#guarded(LOCAL_DISK.readdir),
    realpath: this.#guarded(LOCAL_DISK.realpath),
    statIfThere: (path) => (this.#faults.has(path) ? null : LOCAL_DISK.statIfThere(path)),
  }

  #guarded<Call extends (...args: never[]) => unknown>(call: Call): Call {
    const guarded = async (...args: Parameters<Call>) => {
      const code = this.#faults.get(String(args[0]))
      if (code !== undefined) throw Object.assign(new Error(`${code}: ${args[0]}`), { code })
      return call(...args)
    }
    return guarded as unknown as Call
  }
}
