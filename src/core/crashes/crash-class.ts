/**
 * What a job can die of, how its log says so, and what to do about it.
 *
 * A class is known by what Python, a framework, the kernel, a shell or a scheduler says of it, never by the words of one
 * project. All patterns are tested on text in lower case.
 */
export interface CrashClass {
  /** Its name in alerts, such as `C5-killed`. */
  readonly code: `C${number}-${string}`
  /** Its name in saved states and in the evidence of an alert. */
  readonly kind: string
  readonly why: string
  /** What to change, in one line. It ends the message of an alert. */
  readonly fix: string
  /** Where to look next. */
  readonly next: string
  /** The names of its exceptions, without their packages. */
  readonly named?: readonly RegExp[]
  /** What the message of an exception says, or an error that a program prints in its place. The job may have caught it. */
  readonly says?: readonly RegExp[]
  /** What others say of a process that is gone: the kernel, a shell, a scheduler, a launcher. Nothing survives it. */
  readonly surely?: readonly RegExp[]
  /** Exit codes of a process; a negative one is the signal that ended it. */
  readonly exitCodes?: readonly number[]
  /** Whether somebody, or a known limit, ended the job: no fault of the run. */
  readonly isOrdered?: true
  /** Whether it is what is left when nothing more special is known, so that a later line of the same report may say more. */
  readonly isGeneral?: true
  /**
   * What it is among the deaths of several ranks: a `cascade` waited for a rank that had fallen, and a `teardown` was ended
   * for it. Any other is the root, or one of several.
   */
  readonly part?: 'cascade' | 'teardown'
  /** Whether what one job dies of, others on the same machine, disk or device die of, too. */
  readonly reachesOthers?: true
}
