import { randomBytes } from 'node:crypto'
import { appendFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { joined, utf8, utf16 } from '../core/reading/bytes.ts'
import { tempFolder } from '../temp-folder.ts'
import { Reading } from './reading.ts'

const MIB = 1024 * 1024

let folder: string
let log: string
let reading: Reading

beforeEach(async () => {
  folder = await tempFolder()
  log = join(folder, 'train.log.gz')
  reading = new Reading(log)
  onTestFinished(() => reading.close())
})

function steps(from: number, until: number): string {
  return Array.from({ length: until - from }, (_, n) => `step ${from + n} loss 0.5\n`).join('')
}

/** Lines that do not compress well, so that damage hits few of them. */
function noisySteps(count: number): string {
  return Array.from({ length: count }, (_, n) => `step ${n} ${randomBytes(32).toString('hex')}\n`).join('')
}

function linesIn(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

/** Makes a file look as if nobody had written to it for long. */
async function settle(path: string): Promise<void> {
  await utimes(path, new Date(0), new Date(0))
}

describe('a compressed log', () => {
  test('is read to its end like any finished log, with the offsets of its content', async () => {
    await writeFile(log, gzipSync('a\nbé\nend'))
    await reading.catchUp()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'bé', 'end'], offsets: [0, 2, 6], story: '+|', gaps: [], damages: [] })
    expect(reading.cursor).toMatchObject({ offset: 9, isEnded: true })
  })

  test('is known by its first bytes, whatever its name', async () => {
    const plain = join(folder, 'train.log')
    await writeFile(plain, gzipSync('a\n'))
    const other = new Reading(plain)
    onTestFinished(() => other.close())
    await other.catchUp()
    expect(other.lines).toEqual(['a'])
  })

  test('may have several members, be UTF-16, and end in zeros', async () => {
    const text = utf16('one\ntwo\nthree\n')
    await writeFile(log, joined(gzipSync(text.slice(0, 7)), gzipSync(text.slice(7)), new Uint8Array(512)))
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['one', 'two', 'three'], damages: [] })
  })

  test('is read on after a restart at any turn, and nothing twice', async () => {
    const text = steps(0, 200_000)
    await writeFile(log, gzipSync(text))
    for (let turns = 0; reading.cursor?.isEnded !== true && turns < 50; turns++) {
      await reading.turn()
      await reading.restart()
    }
    expect(reading.lines).toEqual(linesIn(text))
    expect(reading.story).toBe(`${'+'.repeat(Math.ceil(text.length / MIB))}|`)
  })

  test('is read again where what was read could not be saved', async () => {
    await writeFile(log, gzipSync(steps(0, 100_000)))
    const first = await reading.lookInVain()
    expect((await reading.lookInVain())?.cursor).toEqual(first?.cursor)
    await reading.catchUp()
    expect(reading.lines).toHaveLength(100_000)
  })

  test('whose checksum is wrong is told to be damaged, and all of it was read', async () => {
    const text = noisySteps(5000)
    const bytes = gzipSync(text)
    bytes[bytes.length - 6]! ^= 1
    await writeFile(log, bytes)
    await reading.catchUp()
    expect(reading.lines).toEqual(linesIn(text))
    expect(reading.damages).toEqual([text.length])
  })

  test('that is damaged in the middle is read up to there, in the same way after a restart', async () => {
    const text = noisySteps(50_000)
    const bytes = gzipSync(text)
    const middle = Math.floor(bytes.length / 2)
    bytes.fill(0, middle, middle + 64)
    await writeFile(log, bytes)
    await reading.catchUp()
    const whole = linesIn(text)
    const right = reading.lines.findIndex((line, n) => line !== whole[n])
    expect(right).toBeGreaterThan(whole.length / 2 - 1500)
    expect(reading.damages).toHaveLength(1)

    const other = new Reading(log)
    onTestFinished(() => other.close())
    for (let turns = 0; other.cursor?.isEnded !== true && turns < 50; turns++) {
      await other.turn()
      await other.restart()
    }
    expect(other).toMatchObject({ lines: reading.lines, damages: reading.damages })
  })

  test('that is still being written is waited for, and its rest is read when it comes', async () => {
    const text = noisySteps(20_000)
    const bytes = gzipSync(text)
    await writeFile(log, bytes.subarray(0, bytes.length / 2))
    await reading.catchUp()
    expect(reading).toMatchObject({ damages: [], gaps: [] })
    expect(reading.lines.length).toBeGreaterThan(1000)
    await appendFile(log, bytes.subarray(bytes.length / 2))
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: linesIn(text), damages: [] })
    expect(reading.cursor?.isEnded).toBe(true)
  })

  test('that was cut short long ago, or whose writer has left, is told once to be so', async () => {
    const bytes = gzipSync(noisySteps(20_000))
    await writeFile(log, bytes.subarray(0, bytes.length / 2))
    await reading.catchUp()
    const before = reading.lines.length
    await settle(log)
    await reading.catchUp()
    await reading.catchUp()
    expect(reading.damages).toHaveLength(1)
    expect(reading.lines.length - before).toBeLessThanOrEqual(1)

    const finished = new Reading(log)
    onTestFinished(() => finished.close())
    await finished.catchUp(true)
    expect(finished).toMatchObject({ lines: reading.lines, damages: reading.damages })
  })

  test('of binary content is no text', async () => {
    await writeFile(log, gzipSync(new Uint8Array(5000).fill(2)))
    await reading.catchUp()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: [], binaryReports: 1, damages: [] })
    expect(reading.cursor).toMatchObject({ isBinary: true, isEnded: true })
  })

  test('of a thousand times its size takes turns like any other, and little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * MIB, 'x'))
    await writeFile(log, joined(bomb, gzipSync('\nstep 1\n')))
    await settle(log)
    const before = process.memoryUsage().rss
    let largest = 0
    let turns = 0
    for (; reading.cursor?.isEnded !== true; turns++) {
      await reading.turn()
      largest = Math.max(largest, process.memoryUsage().rss - before)
    }
    expect(reading).toMatchObject({ lines: ['step 1'] })
    expect(reading.longLines).toHaveLength(1)
    expect(turns).toBeGreaterThanOrEqual(100)
    expect(largest).toBeLessThan(64 * MIB)
  })

  test('may give way to a plain one', async () => {
    await writeFile(log, gzipSync('a\n'))
    await reading.catchUp()
    await writeFile(log, 'b\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b'], gaps: [] })
  })
})

describe('a log that was compressed while nobody looked', () => {
  test('is read on in its compressed copy, and then what took its path', async () => {
    const plain = join(folder, 'train.log')
    const follower = new Reading(plain)
    onTestFinished(() => follower.close())
    await writeFile(plain, steps(0, 100))
    await follower.catchUp()
    await follower.close()
    await writeFile(join(folder, 'train.log.1.gz'), gzipSync(steps(0, 120)))
    await rm(plain)
    await writeFile(plain, steps(120, 130))
    await follower.restart()
    await follower.catchUp()
    expect(follower.lines).toEqual(linesIn(steps(0, 130)))
    expect(follower.gaps).toEqual([])
  })

  test('is not looked for in a copy of another log', async () => {
    const plain = join(folder, 'train.log')
    const follower = new Reading(plain)
    onTestFinished(() => follower.close())
    await writeFile(plain, utf8(steps(0, 100)))
    await follower.catchUp()
    await writeFile(join(folder, 'train.log.1.gz'), gzipSync(steps(50, 200)))
    await rename(plain, join(folder, 'elsewhere'))
    await writeFile(plain, steps(120, 130))
    await follower.restart()
    await follower.catchUp()
    expect(follower.lines).toEqual([...linesIn(steps(0, 100)), ...linesIn(steps(120, 130))])
    expect(follower.gaps).toHaveLength(1)
  })
})
