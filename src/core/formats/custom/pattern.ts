import { type Assertion, isWordCode, type Node, PatternError, parsePattern } from './pattern-syntax.ts'

/** One instruction of a compiled pattern. */
type Step =
  | { readonly op: 'char'; readonly accepts: (code: number) => boolean }
  /** Goes on at `first`, and should that fail at `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly where: Assertion }
  | { readonly op: 'match' }

/** The steps that a match in progress is at, the likeliest first, with what each has captured. */
interface Threads {
  readonly at: number[]
  readonly slots: (readonly number[])[]
}

const MAX_STEPS = 4000

/**
 * A regular expression that takes time linear in the text, whatever the pattern.
 *
 * It follows all the ways in which the pattern may match at once, character by
 * character, instead of trying one after the other: the virtual machine of
 * R. Pike, as R. Cox describes it in "Regular Expression Matching: the Virtual
 * Machine Approach" (2009). It finds the match that a backtracking engine would.
 */
export class Pattern {
  /** The names of the groups, in the order of their first appearance. */
  readonly names: readonly string[]
  readonly #steps: readonly Step[]
  /** A text that every match contains: most lines are ruled out by it alone. */
  readonly #literal: string
  /** For each step the position at which it was last entered, so that it is entered once. */
  readonly #entered: Int32Array

  /** Throws a PatternError that says what is wrong with `source`. */
  constructor(source: string) {
    const tree = parsePattern(source)
    const compiler = new Compiler()
    compiler.add(tree)
    this.#steps = [...compiler.steps, { op: 'match' }]
    this.names = compiler.names
    this.#literal = longestLiteral(tree)
    this.#entered = new Int32Array(this.#steps.length)
  }

  /** The text of each group that took part in the leftmost match in `text`, or null where there is none. */
  match(text: string): ReadonlyMap<string, string> | null {
    if (!text.includes(this.#literal)) return null
    const slots = this.#run(text)
    if (slots === null) return null
    const groups = new Map<string, string>()
    for (const [index, name] of this.names.entries()) {
      const start = slots[2 * index]
      const end = slots[2 * index + 1]
      if (start !== undefined && end !== undefined) groups.set(name, text.slice(start, end))
    }
    return groups
  }

  #run(text: string): readonly number[] | null {
    this.#entered.fill(-1)
    let threads: Threads = { at: [], slots: [] }
    let best: readonly number[] | null = null
    for (let position = 0; position <= text.length; position++) {
      // The start of a match is tried at each position, after those that began earlier.
      if (best === null) this.#enter(threads, 0, [], text, position)
      else if (threads.at.length === 0) break
      const next: Threads = { at: [], slots: [] }
      const code = text.charCodeAt(position)
      const reached = threads
      threads = next
      for (let index = 0; index < reached.at.length; index++) {
        const at = reached.at[index]!
        const step = this.#steps[at]!
        if (step.op === 'match') {
          // Those after it are less likely; those before it may still find a longer match.
          best = reached.slots[index]!
          break
        }
        if (step.op === 'char' && position < text.length && step.accepts(code)) {
          this.#enter(next, at + 1, reached.slots[index]!, text, position + 1)
        }
      }
    }
    return best
  }

  /** Adds the step at `at`, or those that it leads to without taking a character. */
  #enter(threads: Threads, at: number, slots: readonly number[], text: string, position: number): void {
    if (this.#entered[at] === position) return
    this.#entered[at] = position
    const step = this.#steps[at]!
    switch (step.op) {
      case 'jump':
        this.#enter(threads, step.to, slots, text, position)
        break
      case 'split':
        this.#enter(threads, step.first, slots, text, position)
        this.#enter(threads, step.second, slots, text, position)
        break
      case 'save': {
        const saved = [...slots]
        saved[step.slot] = position
        this.#enter(threads, at + 1, saved, text, position)
        break
      }
      case 'assert':
        if (holds(step.where, text, position)) this.#enter(threads, at + 1, slots, text, position)
        break
      default:
        threads.at.push(at)
        threads.slots.push(slots)
    }
  }
}

class Compiler {
  readonly steps: Step[] = []
  readonly names: string[] = []

  add(node: Node): void {
    if (this.steps.length > MAX_STEPS) throw new PatternError('too large: repeat fewer times')
    switch (node.kind) {
      case 'char':
        this.steps.push({ op: 'char', accepts: node.accepts })
        break
      case 'assert':
        this.steps.push({ op: 'assert', where: node.where })
        break
      case 'sequence':
        for (const each of node.nodes) this.add(each)
        break
      case 'choice':
        this.#choice(node.nodes)
        break
      case 'group':
        this.#group(node.name, node.node)
        break
      case 'repeat':
        for (let count = 0; count < node.min; count++) this.add(node.node)
        if (node.max === Infinity) this.#loop(node.node, node.isLazy)
        else for (let count = node.min; count < node.max; count++) this.#optional(node.node, node.isLazy)
    }
  }

  #group(name: string, node: Node): void {
    let index = this.names.indexOf(name)
    if (index < 0) index = this.names.push(name) - 1
    this.steps.push({ op: 'save', slot: 2 * index })
    this.add(node)
    this.steps.push({ op: 'save', slot: 2 * index + 1 })
  }

  #choice(nodes: readonly Node[]): void {
    const jumps: { to: number }[] = []
    for (const [index, node] of nodes.entries()) {
      if (index === nodes.length - 1) {
        this.add(node)
        break
      }
      const split = this.#split(false)
      this.add(node)
      const jump = { op: 'jump' as const, to: 0 }
      this.steps.push(jump)
      jumps.push(jump)
      split.leaveTo(this.steps.length)
    }
    for (const jump of jumps) jump.to = this.steps.length
  }

  #loop(node: Node, isLazy: boolean): void {
    const start = this.steps.length
    const split = this.#split(isLazy)
    this.add(node)
    this.steps.push({ op: 'jump', to: start })
    split.leaveTo(this.steps.length)
  }

  #optional(node: Node, isLazy: boolean): void {
    const split = this.#split(isLazy)
    this.add(node)
    split.leaveTo(this.steps.length)
  }

  /** A choice between what follows and a place behind it, which is told later. */
  #split(isLazy: boolean): { leaveTo(end: number): void } {
    const into = this.steps.length + 1
    const step = { op: 'split' as const, first: into, second: into }
    this.steps.push(step)
    return {
      leaveTo(end) {
        if (isLazy) step.first = end
        else step.second = end
      },
    }
  }
}

function holds(where: Assertion, text: string, position: number): boolean {
  switch (where) {
    case 'start':
      return position === 0
    case 'end':
      return position === text.length
    case 'word-edge':
      return isWordEdge(text, position)
    case 'no-word-edge':
      return !isWordEdge(text, position)
  }
}

function isWordEdge(text: string, position: number): boolean {
  return isWordCode(text.charCodeAt(position - 1)) !== isWordCode(text.charCodeAt(position))
}

/** The longest run of plain characters that stands in every match. */
function longestLiteral(tree: Node): string {
  let longest = ''
  let run = ''
  for (const node of tree.kind === 'sequence' ? tree.nodes : [tree]) {
    run = node.kind === 'char' && node.literal !== null ? run + node.literal : ''
    if (run.length > longest.length) longest = run
  }
  return longest
}
