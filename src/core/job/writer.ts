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

/** The process that was last seen to write to a run; plain JSON, saved with the run. */
export type SavedWriter = WritingProcess & {
  /** The machine and the namespace of its processes: elsewhere the number is that of another process. */
  readonly place: string
  /** True once no process holds a log of the run open any more. */
  readonly isGone: boolean
}

/**
 * What is known of the processes that write to a run.
 *
 * `alive`: one holds a log open for writing. `gone`: one was seen to do so, and none does any more. `unseen`: none was
 * seen, be it that the job opens its logs for each line only, or that its processes cannot be seen from here.
 */
export type Writer =
  | { readonly kind: 'alive'; readonly process: WritingProcess }
  | { readonly kind: 'gone'; readonly process: WritingProcess }
  | { readonly kind: 'unseen' }

export const UNSEEN: Writer = { kind: 'unseen' }
