import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Fault, NthCallFails } from '../tail/nth-call.ts'
import { ByHand } from './by-hand.ts'

/** What a fault did; all but `calls` and `problems` 0 when it did no harm. */
export interface FaultCounts {
  readonly lost: number
  readonly doubled: number
  readonly torn: number
  readonly wrongGaps: number
  /** How many calls were made of the file system. */
  readonly calls: number
  /** How often something was said to be wrong. */
  readonly problems: number
}

const TRUNCATIONS = 1

/** Plays a life of rotations, truncations, links and restarts in which one call to the file system fails. */
export async function playWithFault(folder: string, n: number, fault: Fault): Promise<FaultCounts> {
  const root = join(folder, `${n}-${fault}`)
  const at = (name: string) => join(root, name)
  mkdirSync(root, { recursive: true })
  const failing = new NthCallFails(n, fault)
  const daemon = new ByHand([root], failing.disk)
  let written = 0
  const append = (name: string, lines: number) => {
    for (let i = 0; i < lines; i++) appendFileSync(at(name), `line ${written++} of ${name}\n`)
  }
  append('a.log', 3)
  append('b.log', 1)
  append('.outside', 1)
  linkSync(at('b.log'), at('c.log'))
  symlinkSync(at('.outside'), at('d.log'))
  await daemon.settle()
  appendFileSync(at('a.log'), 'line ')
  await daemon.settle()
  appendFileSync(at('a.log'), `${written++} of a.log\n`)
  renameSync(at('a.log'), at('a-2026.log'))
  append('a.log', 2)
  await daemon.settle()
  await daemon.restart()
  append('a.log', 1)
  append('.outside', 1)
  renameSync(at('a.log'), at('a.log.1'))
  append('a.log', 1)
  await daemon.settle()
  writeFileSync(at('a.log'), '')
  append('a.log', 2)
  await daemon.settle()
  append('b.log', 1)
  rmSync(at('b.log'))
  copyFileSync(at('a.log'), at('.new'))
  renameSync(at('.new'), at('a.log'))
  append('a.log', 1)
  await daemon.settle()
  await daemon.restart()
  append('a-2026.log', 1)
  append('a.log', 1)
  await daemon.settle()
  await daemon.close()
  return {
    ...countLines(daemon.lines, written),
    wrongGaps: Math.abs(daemon.gaps - TRUNCATIONS),
    ...said(daemon, failing),
  }
}

function said({ problems }: ByHand, { calls }: NthCallFails): Pick<FaultCounts, 'calls' | 'problems'> {
  return { calls, problems }
}

function countLines(lines: readonly string[], written: number): Pick<FaultCounts, 'lost' | 'doubled' | 'torn'> {
  const once = new Set(lines)
  const numbers = [...once].map((line) => Number(/^line (\d+) of [\w.-]+$/.exec(line)?.[1] ?? -1))
  const found = new Set(numbers.filter((number) => number >= 0))
  return {
    lost: written - found.size,
    doubled: lines.length - once.size,
    torn: once.size - found.size,
  }
}
