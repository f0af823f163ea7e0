import { gpuOutOfMemory } from './c1-gpu-out-of-memory.ts'
import { hostOutOfMemory } from './c2-host-out-of-memory.ts'
import { collectiveTimeout } from './c3-collective-timeout.ts'
import { memoryFault } from './c4-memory-fault.ts'
import { killed } from './c5-killed.ts'
import { timeLimit } from './c6-time-limit.ts'
import { nodeFailure } from './c7-node-failure.ts'
import { stopped } from './c8-stopped.ts'
import { oomKiller } from './c9-oom-killer.ts'
import { collectiveError } from './c10-collective-error.ts'
import { fileNotFound } from './c11-file-not-found.ts'
import { permission } from './c12-permission.ts'
import { missingModule } from './c13-missing-module.ts'
import { assertion } from './c14-assertion.ts'
import { divisionByZero } from './c15-division-by-zero.ts'
import { cudaError } from './c16-cuda-error.ts'
import { noAccelerator } from './c17-no-accelerator.ts'
import { deviceMismatch } from './c18-device-mismatch.ts'
import { shapeMismatch } from './c19-shape-mismatch.ts'
import { runtimeError } from './c20-runtime-error.ts'
import { exception } from './c21-exception.ts'
import { gpuHardware } from './c22-gpu-hardware.ts'
import { portInUse } from './c23-port-in-use.ts'
import { diskFull } from './c24-disk-full.ts'
import { tooManyOpenFiles } from './c25-too-many-open-files.ts'
import { checkpointMismatch } from './c26-checkpoint-mismatch.ts'
import { dataLoaderWorker } from './c27-data-loader-worker.ts'
import { preempted } from './c28-preempted.ts'
import { nanLoss } from './c29-nan-loss.ts'
import { aborted } from './c30-aborted.ts'
import type { CrashClass } from './crash-class.ts'

/**
 * Every class of crash, the more special before what it may be taken for: a worker of a data loader dies of a signal, the
 * killer of what takes too much memory kills. To add one, write its file and add its line where it belongs.
 */
const LIST = [
  preempted,
  timeLimit,
  nodeFailure,
  oomKiller,
  dataLoaderWorker,
  gpuHardware,
  tooManyOpenFiles,
  diskFull,
  gpuOutOfMemory,
  hostOutOfMemory,
  noAccelerator,
  missingModule,
  assertion,
  divisionByZero,
  portInUse,
  permission,
  deviceMismatch,
  checkpointMismatch,
  fileNotFound,
  cudaError,
  collectiveTimeout,
  collectiveError,
  nanLoss,
  shapeMismatch,
  memoryFault,
  aborted,
  killed,
  stopped,
  runtimeError,
  exception,
] as const satisfies readonly CrashClass[]

/** The kind of a class, as saved states and evidence name it. */
export type CrashClassKind = (typeof LIST)[number]['kind']

/** The classes in the order of their number. */
export const CRASH_CLASSES: readonly CrashClass[] = [...LIST].sort((a, b) => numberOf(a.code) - numberOf(b.code))

/** The class with this code; null for any other code. */
export function crashOf(code: string): CrashClass | null {
  return LIST.find((each) => each.code === code) ?? null
}

/** The class of this kind; null for a kind that is none. */
export function classOfKind(kind: string): CrashClass | null {
  return LIST.find((each) => each.kind === kind) ?? null
}

/** These names say what happened, whatever their message holds: a key, a name or a type of the code itself. */
const OF_THE_CODE =
  /^(?:key|attribute|name|unboundlocal|notimplemented|syntax|indentation|recursion|unicode\w*|\w*decode|\w*validation)error$/

/** Names that stand for more than one thing. Any check may be an assertion; C++ has one exception for all memory. */
const MORE_THAN_ITS_NAME: Readonly<Partial<Record<CrashClassKind, readonly CrashClassKind[]>>> = {
  assertion: ['no-accelerator', 'nan-loss', 'checkpoint-mismatch'],
  'host-memory': ['gpu-memory'],
}

const SURELY = patternsOf('surely')
const NAMED = patternsOf('named')
const TOLD = patternsOf('says', 'surely')
const SAYS = patternsOf('says')
/** One pattern for all, since nearly no line of a log says that a process is gone. */
const ANY_SURELY = new RegExp(SURELY.map(({ pattern }) => pattern.source).join('|'))

/** What a line, in lower case, says of a process that is gone; null where it says nothing. */
export function deathIn(line: string): CrashClassKind | null {
  return ANY_SURELY.test(line) ? firstIn(SURELY, line) : null
}

/** What the message of an error, in lower case, is about; null where no class knows it. */
export function messageKind(message: string): CrashClassKind | null {
  return firstIn(TOLD, message)
}

/** What a line of a longer message, in lower case, says of it; null where no class knows it. */
export function detailKind(line: string): CrashClassKind | null {
  return firstIn(SAYS, line)
}

/** What an exception is about, by its name and its message in lower case. A name that is special decides. */
export function exceptionClass(name: string, message: string): CrashClassKind {
  const ownName = name.slice(name.lastIndexOf('.') + 1)
  if (OF_THE_CODE.test(ownName)) return 'exception'
  const byName = firstIn(NAMED, ownName)
  const byMessage = messageKind(`${name}: ${message}`)
  if (byName === null || byName === 'runtime-error') return byMessage ?? byName ?? 'exception'
  return byMessage !== null && MORE_THAN_ITS_NAME[byName]?.includes(byMessage) === true ? byMessage : byName
}

/** What a process that ended with this code died of; null for a code that says only that it failed. */
export function exitClass(code: number): CrashClassKind | null {
  return LIST.find(({ exitCodes }: CrashClass) => exitCodes?.includes(code))?.kind ?? null
}

/** Whether somebody stopped the job, or a known limit did. Neither is a fault of the run. */
export function isOrdered(kind: string): boolean {
  return classOfKind(kind)?.isOrdered === true
}

/** Whether it is only ever said of a process that is gone, which an exception may not be. */
export function isDeadly(kind: string): boolean {
  const found = classOfKind(kind)
  return found === null || (found.says === undefined && found.named === undefined && found.isGeneral !== true)
}

/** Whether a class says no more than that something failed. */
export function isGeneral(kind: string): boolean {
  return classOfKind(kind)?.isGeneral === true
}

interface Sign {
  readonly kind: CrashClassKind
  readonly pattern: RegExp
}

/** One pattern for each class that has any of these. */
function patternsOf(...fields: readonly ('named' | 'says' | 'surely')[]): readonly Sign[] {
  return LIST.flatMap((each: CrashClass & { readonly kind: CrashClassKind }) => {
    const patterns = fields.flatMap((field) => each[field] ?? [])
    return patterns.length === 0
      ? []
      : [{ kind: each.kind, pattern: new RegExp(patterns.map(({ source }) => source).join('|')) }]
  })
}

function firstIn(patterns: readonly Sign[], text: string): CrashClassKind | null {
  return patterns.find(({ pattern }) => pattern.test(text))?.kind ?? null
}

function numberOf(code: string): number {
  return Number.parseInt(code.slice(1), 10)
}
