import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** By how many per cent the old objects may grow before V8 collects the garbage among them. */
const GROWTH_PERCENT = 30
/** So large the space of new objects may become while there is much to read: beyond that nothing is gained. */
const LARGEST_NEW_SPACE_BYTES = 16 * 1024 * 1024
/** After so many rounds in a row that left something unread, there is much to read. */
const BUSY_ROUNDS = 8
/** The size is asked once in so many of them. */
const ROUNDS_PER_LOOK = 16

/** After so many bytes of bytecode V8 compiles a function for a command that reads logs, and ends. By itself: 132 kB. */
const COMMAND_BUDGET_BYTES = 400_000
/** And for a daemon, which waits most of its days: what V8 has compiled, and what it took to compile, stays in memory. */
const DAEMON_BUDGET_BYTES = 1_000_000

/**
 * Makes V8 compile only what runs for longer than it takes to compile: of most commands that is a few loops. The rest is
 * interpreted, which takes less processor time.
 */
export function compileLittle(isDaemon: boolean): void {
  // What its fastest compiler makes of all that runs a few times is as large as all else that is compiled.
  if (isDaemon) setFlagsFromString('--no-sparkplug')
  setFlagsFromString(`--interrupt-budget=${isDaemon ? DAEMON_BUDGET_BYTES : COMMAND_BUDGET_BYTES}`)
}

/**
 * Makes V8 keep the heap small, at the price of more frequent collections. To be called before anything large is loaded.
 *
 * By default it lets the heap of a daemon with ten thousand files become several
 * times as large as what is in use. A collection takes some tens of milliseconds
 * on another thread. A V8 that does not know a setting prints a warning and
 * goes on.
 */
export function preferSmallHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
  growNewSpaceBy(1)
}

/**
 * Sizes the space of new objects by what the daemon is doing. While it catches up, a small one is collected every two
 * milliseconds, which costs a third of the time. V8 makes it small again within a minute of calm.
 */
export class NewSpace {
  #rounds = 0
  #mayGrow = false

  /** Takes note of whether a round of reading has left something unread. */
  afterRound(hasMore: boolean): void {
    this.#rounds = hasMore ? this.#rounds + 1 : 0
    if (this.#rounds < BUSY_ROUNDS) this.#let(false)
    else if (this.#rounds % ROUNDS_PER_LOOK === BUSY_ROUNDS) this.#let(newSpaceBytes() < LARGEST_NEW_SPACE_BYTES)
  }

  #let(mayGrow: boolean): void {
    if (mayGrow !== this.#mayGrow) growNewSpaceBy(mayGrow ? 2 : 1)
    this.#mayGrow = mayGrow
  }
}

/** V8 reads this factor whenever it might make the space of new objects larger. */
function growNewSpaceBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`)
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}
