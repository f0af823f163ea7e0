/** A process that holds a log open for writing. */
export interface WritingProcess {
  readonly pid: number
  /** Its name, as `ps` shows it. */
  readonly name: string
}

/** "4711 (python3)". */
export function processText({ pid, name }: WritingProcess): string {
  return name === '' ? String(pid) : `${pid} (${name})`
}

/** Shells and what they wait with, and programs that write on what they are given. */
const PASSES_ON =
  /^(?:(?:ba|da|z|k|fi|c|tc)?sh|sleep|script|tee|cat|[ef]?grep|sed|[gmn]?awk|ts|tr|pv|rotatelogs|cronolog|multilog|svlogd|s6-log)$/

/** Whether a program holds a log for others: it is none that trains, and prints no exception of a job's own. */
export function isPassingOn(name: string): boolean {
  return PASSES_ON.test(name)
}

/** The process that was last seen to write to a run; plain JSON, saved with the run. */
export type SavedWriter = WritingProcess & {
  /** The machine and the namespace of its processes: elsewhere the number is that of another process. */
  readonly place: string
  /** True once no process holds a log of the run open any more. */
  readonly isGone: boolean
  /** It lives, and may write on where it cannot be seen. */
  readonly isUnseen?: true
  /** The log that it held. An earlier version did not say. */
  readonly path?: string
}

/**
 * What is known of the processes that write to a run.
 *
 * `alive`: one holds a log open for writing. `gone`: one was seen to do so, and none does any more. `unseen`: none was
 * seen, be it that the job opens its logs for each line only, or that its processes cannot be seen from here; where a
 * process is named, it was seen before, lives, and may write on. `path` is the log that it held. `stillHeldBy` is a shell,
 * or what it has started since, that holds a log which nobody writes any more.
 */
export type Writer =
  | { readonly kind: 'alive'; readonly process: WritingProcess; readonly path?: string }
  | {
      readonly kind: 'gone'
      readonly process: WritingProcess
      readonly path?: string
      readonly stillHeldBy?: WritingProcess
    }
  | { readonly kind: 'unseen'; readonly process?: WritingProcess; readonly path?: string }

export const UNSEEN: Writer = { kind: 'unseen' }
