import { appendFile, open, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { joined, utf8, utf16 } from '../core/reading/bytes.ts'
import { tempFolder } from '../temp-folder.ts'
import { Reading } from './reading.ts'

const MIB = 1024 * 1024

let log: string
let reading: Reading

beforeEach(async () => {
  log = join(await tempFolder(), 'train.log')
  reading = new Reading(log)
  onTestFinished(() => reading.close())
})

async function writeAt(offset: number, text: string): Promise<void> {
  const file = await open(log, 'r+')
  await file.write(utf8(text), 0, null, offset)
  await file.close()
}

describe('a file in another encoding', () => {
  test('with a mark of UTF-8 is read without it', async () => {
    await writeFile(log, '\ufeffa\nb\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b'], offsets: [0, 5] })
  })

  for (const isBigEndian of [false, true]) {
    test(`in UTF-16, ${isBigEndian ? 'big' : 'little'} end first, is read on after a restart in mid-file, byte by byte`, async () => {
      const bytes = utf16('loss: 1\r\nloss: \u0a0a∞\nloss: 3\nend', isBigEndian)
      await writeFile(log, '')
      for (const byte of bytes) {
        await appendFile(log, Uint8Array.of(byte))
        await reading.catchUp()
        await reading.restart()
      }
      expect(reading).toMatchObject({ lines: ['loss: 1', 'loss: \u0a0a∞', 'loss: 3'], pendingBytes: 6, gaps: [] })
      await reading.catchUp(true)
      expect(reading.lines.at(-1)).toBe('end')
    })
  }

  test('is found anew in each life', async () => {
    await writeFile(log, utf16('one\ntwo\n'))
    await reading.catchUp()
    await writeFile(log, 'three\n')
    await reading.catchUp()
    expect(reading.lines).toEqual(['one', 'two', 'three'])
    expect(reading.cursor?.encoding).toBe('utf-8')
  })
})

describe('zeros in a file', () => {
  test('before what a writer goes on with, that did not notice the truncation, are passed over', async () => {
    await writeFile(log, 'step 1\nstep 2\n')
    await reading.catchUp()
    await truncate(log, 0)
    await writeAt(14, 'step 3\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['step 1', 'step 2', 'step 3'], offsets: [0, 7, 14] })
  })

  test('at the end are not yet written', async () => {
    await writeFile(log, 'step 1\nste')
    await truncate(log, 3 * MIB)
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['step 1'], pendingBytes: 3 })
    expect(reading.cursor?.offset).toBe(7)
    await writeAt(10, 'p 2\nstep 3\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['step 1', 'step 2', 'step 3'], gaps: [], pendingBytes: 0 })
  })

  test('at the end of a finished file are nothing', async () => {
    await writeFile(log, 'step 1\nend')
    await truncate(log, 3 * MIB)
    await reading.catchUp(true)
    expect(reading).toMatchObject({ lines: ['step 1', 'end'], longLines: [] })
    expect(reading.cursor).toMatchObject({ offset: 3 * MIB, isEnded: true })
  })

  test('in the middle of a large file end the line before them, and the line after them is read', async () => {
    await writeFile(log, 'step 1\nstep 2')
    await truncate(log, 600 * MIB)
    await appendFile(log, 'step 3\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['step 1', 'step 2', 'step 3'], longLines: [] })
    expect(reading.offsets).toEqual([0, 7, 600 * MIB])
  })

  test('within a line above its cap end it', async () => {
    await writeFile(log, 'x'.repeat(2 * MIB))
    await truncate(log, 4 * MIB)
    await appendFile(log, 'step 3\n')
    await reading.catchUp()
    expect(reading.lines).toEqual(['step 3'])
    expect(reading.longLines).toHaveLength(1)
  })
})

describe('a file that is no text', () => {
  const controls = new Uint8Array(2000).fill(2)

  test('is reported once and passed over, also as it grows', async () => {
    await writeFile(log, joined(utf8('step 1\n'), controls, utf8('\nstep 2\n')))
    await reading.catchUp()
    await appendFile(log, 'step 3\n')
    await reading.restart()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['step 1'], binaryReports: 1 })
    expect(reading.cursor).toMatchObject({ isBinary: true, offset: 2022 })
  })

  test('gives the same lines however it arrives', async () => {
    await writeFile(log, '')
    for (const part of [utf8('step 1\n'), controls.subarray(900), utf8('\n'), controls, utf8('\nstep 2\n')]) {
      await appendFile(log, part)
      await reading.catchUp()
    }
    expect(reading.lines).toHaveLength(2)
    expect(reading).toMatchObject({ binaryReports: 1, gaps: [] })

    const whole = new Reading(log)
    onTestFinished(() => whole.close())
    await whole.catchUp()
    expect(whole.lines).toEqual(reading.lines)
  })

  test('may give way to one that is', async () => {
    await writeFile(log, controls)
    await reading.catchUp()
    await writeFile(log, 'step 1\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['step 1'], binaryReports: 1 })
    expect(reading.cursor?.isBinary).toBe(false)
  })
})
