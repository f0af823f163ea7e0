import { closeSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { isatty } from 'node:tty'
import type { FollowOutputs, OutputChange } from '../daemon/output-change.ts'

/** What a reader may leave waiting before a command that outlives its outputs drops what comes. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024
/** How long a command that is still loading may take to say that it outlives its terminal. */
const HANGUP_GRACE_MS = 1000
/** How long a reader that has stopped may hold up the end. */
const LAST_WORDS_MS = 2000
const STANDARD_INPUT_FD = 0

/** What standard output is called. */
export const STDOUT = 'standard output'

/** What an output is waiting for that nobody reads. No system call reports it. */
const NOT_READ = 'ENOTREAD'

const REASONS: Readonly<Record<string, string>> = {
  EPIPE: 'its reader is gone',
  ECONNRESET: 'its reader is gone',
  EIO: 'its terminal is gone',
  ENXIO: 'its terminal is gone',
  EBADF: 'it is closed',
  ERR_STREAM_DESTROYED: 'it is closed',
  ENOSPC: 'no space is left for it',
  EDQUOT: 'the quota for it is used up',
  EFBIG: 'its file may not grow any more',
  [NOT_READ]: `its reader leaves more than ${MOST_WAITING_BYTES / 1024 / 1024} MiB unread`,
}

type Stream = NodeJS.WriteStream & { readonly fd: number }

interface OutputLoss {
  /** What the system called it. */
  readonly code: string
  readonly reason: string
  readonly since: string
}

/**
 * Standard output and standard error.
 *
 * A command whose output is gone has nothing left to do, and ends. One that
 * outlives its outputs, such as the daemon, drops what it would have printed,
 * tells whoever follows it, and goes on; so it does when its terminal is closed.
 */
export class Outputs {
  readonly stdout: Output
  readonly stderr: Output
  readonly #process: NodeJS.Process
  readonly #terminals = [STANDARD_INPUT_FD, 1, 2].filter((fd) => isatty(fd))
  readonly #followers = new Set<(change: OutputChange) => void>()
  #outlives = false

  constructor(process: NodeJS.Process) {
    this.#process = process
    this.stdout = new Output(STDOUT, process.stdout, (change) => this.#onChange(change))
    this.stderr = new Output('standard error', process.stderr, (change) => this.#onChange(change))
    // Node undoes what `nohup` has set, so the signal is handled here.
    const onHangup = () => {
      if (this.#outlives) return this.#look()
      setTimeout(() => {
        if (this.#outlives) return this.#look()
        process.off('SIGHUP', onHangup)
        process.kill(process.pid, 'SIGHUP')
      }, HANGUP_GRACE_MS).unref()
    }
    process.on('SIGHUP', onHangup)
    process.on('exit', () => this.#leaveDeadTerminals())
  }

  /** From now on the process goes on without an output that is gone. What is returned follows what becomes of them. */
  outlive(): FollowOutputs {
    this.#outlives = true
    for (const output of [this.stdout, this.stderr]) output.mostWaitingBytes = MOST_WAITING_BYTES
    this.#look()
    return (onChange) => {
      const looking = setInterval(() => this.#look(), HANGUP_GRACE_MS).unref()
      this.#followers.add(onChange)
      for (const { name, loss } of [this.stdout, this.stderr])
        if (loss !== null) onChange({ output: name, gone: loss, missed: null })
      return () => {
        clearInterval(looking)
        this.#followers.delete(onChange)
      }
    }
  }

  /** To be called when all is said: a reader that has stopped must not keep the process. */
  end(): void {
    if (this.#outlives) setTimeout(() => this.#process.exit(), LAST_WORDS_MS).unref()
  }

  #onChange(change: OutputChange): void {
    if (this.#outlives) {
      for (const follower of this.#followers) follower(change)
      return
    }
    if (change.gone === null || change.output === this.stderr.name) return
    // A reader that has seen enough, such as `head`, closes the pipe: nothing is left to do.
    if (change.gone.reason === REASONS['EPIPE']) this.#process.exit(0)
    this.stderr.write(`nanwatch: ${change.output}: ${change.gone.reason}\n`)
    this.#process.exit(1)
  }

  /** A terminal may be closed without a signal, and nothing need be printed to notice. */
  #look(): void {
    for (const output of [this.stdout, this.stderr]) output.look()
  }

  /**
   * Closes what stood for a terminal that is gone. Node gives each terminal its
   * settings back when it ends, and where that fails it aborts: with signal 6, or
   * 11 where it was about to print a stack, whatever the exit code was to be.
   */
  #leaveDeadTerminals(): void {
    for (const fd of this.#terminals) if (!isatty(fd)) closeSync(fd)
  }
}

/**
 * One output of the process.
 *
 * A terminal that was closed and a pipe without a reader do not come back. A
 * file does once there is room again, and so does a reader that reads on.
 */
class Output {
  readonly name: string
  /** A command that has more to print than this waits for its reader; none that outlives it does. */
  mostWaitingBytes = Number.POSITIVE_INFINITY
  readonly #stream: Stream
  readonly #isTerminal: boolean
  readonly #onChange: (change: OutputChange) => void
  #loss: OutputLoss | null = null
  #dropped = 0
  /** Whether what the file ends with is a part of a line. */
  #isTorn = false

  constructor(name: string, stream: Stream, onChange: (change: OutputChange) => void) {
    this.name = name
    this.#stream = stream
    this.#isTerminal = isatty(stream.fd)
    this.#onChange = onChange
    stream.on('error', (error) => this.#lose(error))
  }

  get loss(): OutputLoss | null {
    return this.#loss
  }

  /** Prints the text, or drops it where that cannot be done. Never throws. */
  write(text: string): void {
    const isPrinted = this.#stream instanceof Socket ? this.#send(text) : this.#append(text)
    if (!isPrinted) this.#dropped++
    else if (this.#loss !== null) this.#comeBack(this.#loss)
  }

  look(): void {
    if (this.#isTerminal && !isatty(this.#stream.fd)) this.#lose({ code: 'EIO' })
  }

  #send(text: string): boolean {
    if (this.#loss !== null && this.#loss.code !== NOT_READ) return false
    // A reader that reads on has room for some more before it counts as back.
    const mostBytes = this.#loss === null ? this.mostWaitingBytes : this.mostWaitingBytes / 2
    if (this.#stream.writableLength > mostBytes) {
      this.#lose({ code: NOT_READ })
      return false
    }
    this.#stream.write(text, (error) => {
      if (error) this.#lose(error)
    })
    return true
  }

  /** Writes to the file itself: Node closes a stream for good at its first error. */
  #append(text: string): boolean {
    const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text)
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(this.#stream.fd, bytes, written)
    } catch (error) {
      if (written > 0) this.#isTorn = bytes.at(written - 1) !== 0x0a
      this.#lose(error as NodeJS.ErrnoException)
      return false
    }
    this.#isTorn = false
    return true
  }

  #lose({ code = '', message = code }: Pick<NodeJS.ErrnoException, 'code'> & { readonly message?: string }): void {
    if (this.#loss !== null) return
    this.#loss = { code, reason: REASONS[code] ?? message, since: new Date().toISOString() }
    this.#onChange({ output: this.name, gone: this.#loss, missed: null })
  }

  #comeBack({ reason, since }: OutputLoss): void {
    const missed = `${reason}: ${this.#dropped} messages were dropped from ${since} to ${new Date().toISOString()}`
    this.#loss = null
    this.#dropped = 0
    this.#onChange({ output: this.name, gone: null, missed })
  }
}
