import { appendFile, copyFile, mkdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
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

describe('a file that grows', () => {
  test('is read line by line, with the byte where each begins', async () => {
    await writeFile(log, 'a\nbé\n')
    await reading.catchUp()
    await appendFile(log, '\r\nc\n')
    await reading.catchUp()
    await reading.catchUp()
    expect(reading.lines).toEqual(['a', 'bé', 'c'])
    expect(reading.offsets).toEqual([0, 2, 8])
  })

  test('keeps a line without an end for later, and says how much of it there is', async () => {
    await writeFile(log, 'whole\nhal')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['whole'], pendingBytes: 3 })
    await appendFile(log, 'f')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['whole'], pendingBytes: 4 })
    await appendFile(log, '\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['whole', 'half'], pendingBytes: 0 })
  })

  test('is read on after a restart, in the middle of a line', async () => {
    await writeFile(log, 'one\ntw')
    await reading.catchUp()
    await reading.restart()
    await appendFile(log, 'o\nthree\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['one', 'two', 'three'], gaps: [] })
  })

  test('is read again where what was read could not be saved', async () => {
    await writeFile(log, 'a\nb\n')
    const first = await reading.lookInVain()
    expect(await reading.lookInVain()).toEqual(first)
    await reading.catchUp()
    expect(reading.lines).toEqual(['a', 'b'])
  })

  test('brings nothing while it is empty, or not there', async () => {
    await reading.catchUp()
    await writeFile(log, '')
    await reading.catchUp()
    expect(reading).toMatchObject({ story: '', cursor: null })
    await appendFile(log, 'a\n')
    await reading.catchUp()
    expect(reading.lines).toEqual(['a'])
  })

  test('that turns out to be a folder is an error that names it', async () => {
    await mkdir(log)
    await expect(reading.catchUp()).rejects.toThrow('EISDIR')
  })

  test('whose writer has left ends with its last line, terminated or not', async () => {
    await writeFile(log, 'a\nb')
    await reading.catchUp(true)
    expect(reading).toMatchObject({ lines: ['a', 'b'], story: '+|' })
  })

  test('whose writer has left is over even where all of it had been read', async () => {
    await writeFile(log, 'a\nb\n')
    await reading.catchUp()
    await reading.catchUp(true)
    await reading.catchUp(true)
    expect(reading).toMatchObject({ lines: ['a', 'b'], story: '+.|' })
  })

  test('of exactly one read is known to be whole', async () => {
    await writeFile(
      log,
      'x'
        .repeat(99)
        .concat('\n')
        .repeat(MIB)
        .slice(0, MIB - 1)
        .concat('\n'),
    )
    await reading.catchUp(true)
    expect(reading.story).toBe('+|')
  })
})

describe('a file of several reads', () => {
  test('gives lines whole wherever a read ends: between CR and LF, or within a character', async () => {
    const lines = Array.from({ length: 110_000 }, (_, i) => `é${String(i).padStart(7, '0')}`)
    const text = lines.map((line) => `${line}\r\n`).join('')
    const lineBytes = Buffer.byteLength(`${lines[0]}\r\n`)
    for (let shift = 1; shift <= lineBytes; shift++) {
      const first = 'x'.repeat(shift)
      await writeFile(log, `${first}\n${text}`)
      const whole = new Reading(log)
      await whole.catchUp()
      await whole.close()
      expect(whole.story).toBe('++')
      expect(whole.lines.length).toBe(lines.length + 1)
      expect(whole.lines).toEqual([first, ...lines])
    }
  })

  /** Only what may be an object with predictions may be as long. */
  const long = `{${'x'.repeat(3 * MIB - 1)}`
  test('gives a line of 3 MiB that is below the cap in one piece', async () => {
    reading = new Reading(log, { capBytes: 4 * MIB })
    await writeFile(log, `before\n${long}\nafter\n`)
    await reading.catchUp()
    expect(reading.lines.map((line) => line.length)).toEqual([6, 3 * MIB, 5])
    expect(reading.longLines).toEqual([])
  })

  test('passes a line of 3 MiB that is above the cap over, and reports it once, by where it began', async () => {
    await writeFile(log, `before\n${long}`)
    await reading.catchUp()
    await reading.restart()
    await appendFile(log, `${long}\nafter\n`)
    await reading.catchUp()
    expect(reading.lines).toEqual(['before', 'after'])
    expect(reading.longLines).toEqual([{ offset: 7, capBytes: 256 * 1024, excerpt: expect.stringMatching(/^\{x+$/) }])
  })

  test('that is left in the middle of a line of 3 MiB makes way for the next', async () => {
    reading = new Reading(log, { capBytes: 4 * MIB })
    await writeFile(log, 'before\n')
    await reading.catchUp()
    await appendFile(log, long)
    await rename(log, `${log}.1`)
    await writeFile(log, 'after\n')
    await reading.catchUp()
    expect(reading.lines.map((line) => line.length)).toEqual([6, 3 * MIB, 5])
  })
})

describe('a rotation by renaming', () => {
  test('loses nothing of what the old file still held, its unfinished line included', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await appendFile(log, 'b\nunfinished')
    await rename(log, `${log}.1`)
    await writeFile(log, 'c\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'unfinished', 'c'], gaps: [], story: '++|*+' })
    expect(reading.cursor?.generation).toBe(1)
  })

  test('loses nothing where it is seen before the new file is there', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await appendFile(log, 'b\n')
    await rename(log, `${log}.1`)
    await reading.catchUp()
    await writeFile(log, 'c\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'c'], gaps: [] })
  })

  test('ends the old file before the new one begins even where nothing was left in it', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await rename(log, `${log}.1`)
    await writeFile(log, 'b\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b'], story: '+.|*+' })
  })

  test('loses no row where both files begin with the same header and only that had been read', async () => {
    await writeFile(log, 'step,loss\n')
    await reading.catchUp()
    await appendFile(log, '1,0.5\n')
    await rename(log, `${log}.1`)
    await writeFile(log, 'step,loss\n2,0.4\n')
    await reading.catchUp()
    expect(reading.lines).toEqual(['step,loss', '1,0.5', 'step,loss', '2,0.4'])
  })

  test('of a file that had been rewritten gives what was written since', async () => {
    await writeFile(log, 'first life\n')
    await reading.catchUp()
    await writeFile(log, 'second\n')
    await rename(log, `${log}.1`)
    await writeFile(log, 'third\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['first life', 'second', 'third'], gaps: [{ offset: 11 }] })
  })

  test('that could not be saved is read again', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await appendFile(log, 'b\n')
    await rename(log, `${log}.1`)
    await writeFile(log, 'c\n')
    for (let i = 0; i < 3; i++) await reading.lookInVain()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'c'], gaps: [] })
  })

  const whileDown = [
    { name: 'train.log.1', aside: 'train.log.1' },
    { name: 'a name that looks like a log', aside: 'train-2026.log' },
  ]
  for (const { name, aside } of whileDown) {
    test(`to ${name} while nanwatch was not running is read to its end, unfinished line included`, async () => {
      await writeFile(log, 'a\n')
      await reading.catchUp()
      await reading.restart()
      await appendFile(log, 'b\nhalf')
      await rename(log, join(dirname(log), aside))
      await writeFile(log, 'c\n')
      await reading.catchUp()
      await reading.catchUp()
      expect(reading).toMatchObject({ lines: ['a', 'b', 'half', 'c'], gaps: [], cursor: { generation: 1 } })
    })
  }

  test('while nanwatch was not running is seen before the new file is there, and after another restart', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await reading.restart()
    await appendFile(log, 'b\n')
    await rename(log, `${log}.1`)
    await reading.catchUp()
    await reading.restart()
    await reading.catchUp()
    await writeFile(log, 'c\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'c'], gaps: [], cursor: { generation: 1 } })
  })

  test('of which nothing but a half line had been seen gives that line, and keeps the two files apart', async () => {
    await writeFile(log, 'x\n')
    await reading.catchUp()
    await rename(log, `${log}.1`)
    await writeFile(log, 'half')
    await reading.catchUp()
    await reading.restart()
    await rename(log, `${log}.2`)
    await writeFile(log, 'c\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['x', 'half', 'c'], gaps: [] })
  })

  test('whose old file cannot be found again after a restart is a gap', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await reading.restart()
    await appendFile(log, 'b\n')
    await writeFile(`${log}.1`, 'a\nb\n')
    await rm(log)
    await writeFile(`${log}.new`, 'c\n')
    await rename(`${log}.new`, log)
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'c'] })
    expect(reading.gaps).toMatchObject([{ offset: 2, bytes: null }])
  })

  test('by copying, while nanwatch was not running, is found by what it holds where that is long enough', async () => {
    const long = Array.from({ length: 20 }, (_, i) => `line ${i} of a long log`)
    await writeFile(log, `${long.join('\n')}\n`)
    await reading.catchUp()
    await reading.restart()
    await appendFile(log, 'unread\n')
    await copyFile(log, `${log}.1`)
    await writeFile(log, 'c\n')
    await reading.catchUp()
    await reading.restart()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: [...long, 'unread', 'c'], gaps: [] })
  })

  test('whose old file had been read to its end is no gap, whatever happens after', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await rename(log, `${log}.1`)
    await reading.catchUp()
    await reading.restart()
    await writeFile(log, 'b\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b'], gaps: [] })
  })
})

describe('a file that is copied and truncated', () => {
  const before = 'line 1\nline 2\nline 3\n'
  const cases = [
    { name: 'to nothing', after: '', reason: 'the file was truncated' },
    { name: 'and written to a smaller size', after: 'new 1\n', reason: 'the file was truncated' },
    { name: 'and written to the same size', after: 'new 1\nnew 2\nline 33\n\n', reason: 'the file was rewritten' },
    { name: 'and written to a larger size', after: 'new 1\n'.repeat(10), reason: 'the file was rewritten' },
  ]
  for (const restarted of [false, true]) {
    for (const { name, after, reason } of cases) {
      test(`${name}${restarted ? ' while nanwatch was not running' : ''} is read anew, and the gap is told`, async () => {
        await writeFile(log, before)
        await reading.catchUp()
        if (restarted) await reading.restart()
        await copyFile(log, `${log}.1`)
        await truncate(log)
        await appendFile(log, after)
        await reading.catchUp()
        await appendFile(log, 'last\n')
        await reading.catchUp()
        const fresh = after.split('\n').filter((line) => line !== '')
        expect(reading.lines).toEqual(['line 1', 'line 2', 'line 3', ...fresh, 'last'])
        expect(reading.gaps).toEqual([{ offset: before.length, bytes: null, reason }])
        expect(reading.cursor?.generation).toBe(1)
      })
    }
  }

  const rewritings = [
    { name: 'where it begins as it did', from: `${'header '.repeat(50)}\nold\n`, to: `${'header '.repeat(50)}\nnew\n` },
    {
      name: 'where only the end is as it was',
      from: `old\n${'same '.repeat(50)}\n`,
      to: `new\n${'same '.repeat(50)}\n`,
    },
  ]
  for (const { name, from, to } of rewritings) {
    test(`and written again is read anew even ${name}`, async () => {
      await writeFile(log, from)
      await reading.catchUp()
      await writeFile(log, `${to}more\n`)
      await reading.catchUp()
      expect(reading.lines).toEqual(`${from}${to}more\n`.trimEnd().split('\n'))
      expect(reading.gaps).toMatchObject([{ offset: from.length, reason: 'the file was rewritten' }])
    })
  }

  test('and whose new life could not be saved is read anew again, with one gap', async () => {
    await writeFile(log, before)
    await reading.catchUp()
    await writeFile(log, 'new\n')
    for (let i = 0; i < 3; i++) expect(await reading.lookInVain()).toMatchObject({ isFinal: true, gap: { offset: 21 } })
    await reading.catchUp()
    expect(reading.lines.slice(3)).toEqual(['new'])
    expect(reading.gaps).toHaveLength(1)
  })
})

describe('a file that is deleted', () => {
  test('and created again is read anew, without a gap', async () => {
    await writeFile(log, 'a\nb\n')
    await reading.catchUp()
    await appendFile(log, 'c\n')
    await rm(log)
    await writeFile(log, 'd\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'c', 'd'], gaps: [] })
  })

  test('and created again with the same inode is read anew', async () => {
    for (let life = 0; life < 50; life++) {
      await writeFile(log, `life ${life}, line 1\nlife ${life}, line 2\n`)
      await reading.catchUp()
      await rm(log)
      await reading.catchUp()
      await reading.restart()
    }
    expect(reading.lines).toHaveLength(100)
    expect(new Set(reading.lines).size).toBe(100)
    expect(reading).toMatchObject({ gaps: [], cursor: { generation: 49 } })
  })

  test('is still read to its end', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await appendFile(log, 'b\nlast words')
    await rm(log)
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'last words'], story: '++|' })
  })

  test('is over, too, where it was not held open, with a gap for what may have been written to it last', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await reading.letGo()
    await rm(log)
    await reading.catchUp()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a'], story: '+.|', cursor: { isEnded: true } })
    expect(reading.gaps).toEqual([{ offset: 2, bytes: null, reason: 'the file went away while it was not held open' }])
    await writeFile(log, 'new\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'new'], gaps: [{ offset: 2 }] })
  })

  test('is over without a gap where its last poll had found nothing new', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await reading.turn()
    await reading.letGo()
    await rm(log)
    await reading.lookInVain()
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a'], story: '+.|', gaps: [], cursor: { isEnded: true } })
  })

  test('is over without a gap where it had been left alone when it was read', async () => {
    await writeFile(log, 'a\n')
    await utimes(log, 1, 1)
    await reading.catchUp()
    await reading.letGo()
    await rm(log)
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a'], story: '+.|', gaps: [], cursor: { isEnded: true } })
  })

  test('while nanwatch was not running is not over: its disk may not be mounted yet', async () => {
    await writeFile(log, 'a\n')
    await reading.catchUp()
    await reading.restart()
    await rename(log, `${dirname(log)}/away`)
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a'], story: '+', gaps: [], cursor: { isEnded: false } })
    await rename(`${dirname(log)}/away`, log)
    await appendFile(log, 'b\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b'], gaps: [] })
  })

  test('before anything was read of it leaves no trace', async () => {
    await writeFile(log, '')
    await reading.catchUp()
    await rm(log)
    await reading.catchUp()
    await writeFile(log, 'a\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a'], gaps: [], cursor: { generation: 0 } })
  })
})

describe('a file that is moved away', () => {
  for (const restarted of [false, true]) {
    test(`and comes back is read on where it was left${restarted ? ', after a restart too' : ''}`, async () => {
      await writeFile(log, 'a\nb\n')
      await reading.catchUp()
      await rename(log, `${log}.aside`)
      await reading.catchUp()
      if (restarted) await reading.restart()
      await rename(`${log}.aside`, log)
      await appendFile(log, 'c\n')
      await reading.catchUp()
      expect(reading).toMatchObject({ lines: ['a', 'b', 'c'], gaps: [] })
    })
  }
})

describe('a file that is replaced in one step', () => {
  const replaceWith = async (text: string) => {
    await writeFile(`${log}.new`, text)
    await rename(`${log}.new`, log)
  }

  const continuing = [
    { name: 'by a longer copy of itself', unread: '', after: 'a\nb\nc\n', lines: ['a', 'b', 'c'] },
    { name: 'by an equal copy of itself', unread: '', after: 'a\nb\n', lines: ['a', 'b'] },
    {
      name: 'by a copy that holds what was not read yet',
      unread: 'c\n',
      after: 'a\nb\nc\nd\n',
      lines: ['a', 'b', 'c', 'd'],
    },
    { name: 'by a copy that ends the line it is in', unread: 'c', after: 'a\nb\ncd\n', lines: ['a', 'b', 'cd'] },
  ]
  for (const { name, unread, after, lines } of continuing) {
    for (const restarted of [false, true]) {
      test(`${name} is read on${restarted ? ' after a restart' : ''}, as if nothing had happened`, async () => {
        await writeFile(log, 'a\nb\n')
        await reading.catchUp()
        if (restarted) await reading.restart()
        await appendFile(log, unread)
        await replaceWith(after)
        await reading.catchUp()
        await appendFile(log, 'last\n')
        await reading.catchUp()
        expect(reading).toMatchObject({ lines: [...lines, 'last'], gaps: [], cursor: { generation: 0 } })
        expect(reading.story, 'the file has had one life').not.toMatch(/[|*]/)
      })
    }
  }

  test('by something else is read anew, after the rest of the old one', async () => {
    await writeFile(log, 'a\nb\n')
    await reading.catchUp()
    await appendFile(log, 'c\n')
    await replaceWith('x\ny\n')
    await reading.catchUp()
    expect(reading).toMatchObject({ lines: ['a', 'b', 'c', 'x', 'y'], gaps: [], cursor: { generation: 1 } })
  })
})

describe('a file in which no record was read', () => {
  const words = 'Traceback (most recent call last):\nValueError: no\n'
  const later = new Date(Date.now() + 5000)

  /** What was read of a file that holds the same once more, after something was done to it. */
  async function readAfter(change: () => Promise<void>, isOfWords = true): Promise<string[]> {
    const read = new Reading(log, { isOfWords })
    onTestFinished(() => read.close())
    await writeFile(log, words)
    await read.catchUp()
    reading = read
    await change()
    await read.catchUp()
    return read.lines
  }
  const twice = `${words}${words}`.trimEnd().split('\n')
  const once = words.trimEnd().split('\n')

  const emptied = async () => {
    await writeFile(log, '')
    await reading.catchUp()
    await writeFile(log, words)
  }
  const deleted = async () => {
    await rm(log)
    await reading.catchUp()
    await writeFile(log, '')
    await reading.catchUp()
    await writeFile(log, words)
  }
  const movedAway = async () => {
    await rename(log, `${log}.1`)
    await writeFile(log, '')
    await reading.catchUp()
    await writeFile(log, words)
  }
  const restartedWhileEmpty = async () => {
    await writeFile(log, '')
    await reading.catchUp()
    await reading.restart()
    await writeFile(log, words)
  }
  const writtenWhileAway = async () => {
    await writeFile(log, words)
    await utimes(log, later, later)
    await reading.restart()
  }
  const replacedWhileAway = async () => {
    await writeFile(`${log}.new`, words)
    await utimes(`${log}.new`, later, later)
    await rename(`${log}.new`, log)
    await reading.restart()
  }
  for (const [name, change] of Object.entries({
    emptied,
    deleted,
    movedAway,
    restartedWhileEmpty,
    writtenWhileAway,
    replacedWhileAway,
  })) {
    test(`is read again where it says the same again: ${name}`, async () => {
      expect(await readAfter(change)).toEqual(twice)
    })
  }

  test('is read from its beginning where it was emptied and says more now', async () => {
    const more = async () => {
      await emptied()
      await appendFile(log, 'exit 1\n')
    }
    expect(await readAfter(more)).toEqual([...twice, 'exit 1'])
  })

  test('is not read again where it was only opened, or read in vain', async () => {
    const opened = async () => {
      await appendFile(log, '')
      await reading.restart()
    }
    expect(await readAfter(opened)).toEqual(once)
  })

  test('has records else, and those are never doubled by a touch, nor where a file is written as a whole', async () => {
    for (const change of [emptied, restartedWhileEmpty, writtenWhileAway, replacedWhileAway])
      expect(await readAfter(change, false)).toEqual(once)
  })
})
