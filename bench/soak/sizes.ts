import { randomFillSync } from 'node:crypto'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linesIn } from '../../src/core/pipeline/content.ts'
import { FileFollower } from '../../src/tail/follower.ts'
import type { Outcome, Tell } from './promise.ts'

export interface SizesPlan {
  /** The length of one line, of the hole in a file, and of a file of random bytes. */
  readonly lineBytes: number
  readonly holeBytes: number
  readonly randomBytes: number
}

const MIB = 1024 * 1024
/** What reading may take beyond what the program takes at rest. */
const MOST_MEMORY_BYTES = 32 * MIB
/** While nothing is known of a file: a line of predictions may be this long. */
const CAP_BYTES = 64 * MIB

interface Case {
  readonly name: string
  /** Whether the line behind it is to be read: a file that is no text has none. */
  readonly goesOn: boolean
  write(file: number): void
}

/** Follows a file with one line, a hole, or random bytes of great size, and measures the memory that it takes to get past them. */
export async function sizes(plan: SizesPlan, tell: Tell): Promise<Outcome> {
  const cases: readonly Case[] = [
    { name: 'line', goesOn: true, write: (file) => writeAll(file, plan.lineBytes, (bytes) => bytes.fill('x')) },
    {
      name: 'hole',
      goesOn: true,
      write: (file) => {
        writeSync(file, 'step 1\n', null)
        ftruncateSync(file, plan.holeBytes)
      },
    },
    { name: 'random', goesOn: false, write: (file) => writeAll(file, plan.randomBytes, randomFillSync) },
  ]
  const folder = mkdtempSync(join(tmpdir(), 'nanwatch-sizes-'))
  const counts: Record<string, number> = { missed: 0, aboveMemory: 0 }
  const figures: Record<string, number> = {}
  try {
    for (const { name, goesOn, write } of cases) {
      const path = join(folder, `${name}.log`)
      const file = openSync(path, 'a')
      write(file)
      writeSync(file, '\nstep 2 loss 0.5\n', null)
      closeSync(file)
      const { texts, memoryBytes } = await follow(path)
      tell(`${name}: ${Math.round(memoryBytes / MIB)} MiB`)
      if (texts.includes('step 2 loss 0.5') !== goesOn) counts['missed']!++
      if (memoryBytes > MOST_MEMORY_BYTES) counts['aboveMemory']!++
      figures[`${name}MiB`] = Math.round(memoryBytes / MIB)
      rmSync(path)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { counts, figures }
}

/** The last lines of the file, and how much more memory was in use than before, at most. */
async function follow(path: string): Promise<{ texts: readonly string[]; memoryBytes: number }> {
  const follower = new FileFollower(path)
  const beforeBytes = process.memoryUsage.rss()
  let memoryBytes = 0
  let texts: string[] = []
  let cursor = null
  for (;;) {
    const read: Awaited<ReturnType<FileFollower['read']>> = await follower.read(cursor, CAP_BYTES)
    if (read === null || (read.cursor.offset === (cursor as typeof read.cursor | null)?.offset && !read.hasMore)) break
    cursor = read.cursor
    texts = [...texts, ...linesIn(read.content).map(({ text }) => text)].slice(-8)
    memoryBytes = Math.max(memoryBytes, process.memoryUsage.rss() - beforeBytes)
    if (!read.hasMore) break
  }
  await follower.close()
  return { texts, memoryBytes }
}

function writeAll(file: number, bytes: number, fill: (buffer: Buffer) => unknown): void {
  const buffer = Buffer.alloc(MIB)
  for (let written = 0; written < bytes; written += MIB) {
    fill(buffer)
    writeSync(file, buffer, 0, Math.min(MIB, bytes - written), null)
  }
}
