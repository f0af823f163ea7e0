import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { probeEvents, type WatchFolder, watchFolder } from '../../src/tail/event-probe.ts'
import { detectModes, modeOf, WatchModes } from '../../src/tail/watch-modes.ts'
import { tempFolder } from '../temp-folder.ts'

const PATIENT_MS = 20_000
const LOCAL = { name: 'ext2/3/4', hasEvents: true }

let folder: string

beforeEach(async () => {
  folder = await tempFolder()
})

/** Real events that reach nobody as they are. */
function lying(retell: (event: string, name: string | null) => [string, string | null] | null): WatchFolder {
  return (path, onEvent) =>
    watchFolder(path, (event, name) => {
      const told = retell(event, name)
      if (told !== null) onEvent(...told)
    })
}

describe('the probe of events', () => {
  test('hears its own file, and leaves nothing behind', async () => {
    expect(await probeEvents(folder, watchFolder, PATIENT_MS)).toEqual({ kind: 'seen' })
    expect(await readdir(folder)).toEqual([])
  })

  const liars: { name: string; watching: WatchFolder; reason: RegExp }[] = [
    { name: 'never come', watching: lying(() => null), reason: /no event told of a write/ },
    { name: 'name another file', watching: lying((event) => [event, 'other.log']), reason: /told of a write/ },
    { name: 'name no file', watching: lying((event) => [event, null]), reason: /told of a write/ },
    {
      name: 'tell of writes and of no rename',
      watching: lying((event, name) => (event === 'rename' ? null : [event, name])),
      reason: /no event told of a file renamed/,
    },
    {
      name: 'cannot be had',
      watching: () => {
        throw new Error('ENOSPC: no more watches')
      },
      reason: /ENOSPC/,
    },
  ]
  for (const { name, watching, reason } of liars) {
    test(`finds out events that ${name}`, async () => {
      expect(await probeEvents(folder, watching, 200)).toEqual({
        kind: 'not-seen',
        reason: expect.stringMatching(reason),
      })
      expect(await readdir(folder)).toEqual([])
    })
  }

  test('says so where it cannot write', async () => {
    expect(await probeEvents(join(folder, 'nothing'))).toEqual({ kind: 'not-writable' })
  })
})

describe('a root', () => {
  test('of a file system that is not trusted is polled whatever the probe heard', () => {
    expect(modeOf('/runs', { name: 'nfs', hasEvents: false }, { kind: 'seen' })).toMatchObject({
      mode: 'polling',
      reason: expect.stringContaining('nfs'),
    })
  })

  test('goes by events where the probe was heard or could not be written, and is polled where it was not heard', () => {
    const modes = [
      modeOf('/runs', LOCAL, { kind: 'seen' }),
      modeOf('/runs', LOCAL, { kind: 'not-writable' }),
      modeOf('/runs', LOCAL, { kind: 'not-seen', reason: 'silence' }),
    ]
    expect(modes).toMatchObject([{ mode: 'events' }, { mode: 'events' }, { mode: 'polling', reason: 'silence' }])
  })

  test('within another root has a mode of its own', () => {
    const modes = new WatchModes([modeOf('/runs', LOCAL, { kind: 'seen' }), modeOf('/runs/a', LOCAL, { kind: 'seen' })])
    expect(modes.fallBack('/runs/a/b', 'no more watches')).toBe('/runs/a')
    expect(modes.fallBack('/runs/a', 'still none')).toBe(null)
    expect(['/runs/x.log', '/runs/a/x.log', '/runs/ab.log'].map((path) => modes.isPolled(path))).toEqual([
      false,
      true,
      false,
    ])
  })

  test('that is a file decides for its folder too', () => {
    const modes = new WatchModes([modeOf('/runs/a.log', LOCAL, { kind: 'not-seen', reason: 'silence' })])
    expect(['/runs', '/runs/a.log', '/other'].map((path) => modes.isPolled(path))).toEqual([true, true, false])
  })

  test('that has come has the mode that is then found out, unless it is polled', () => {
    const modes = new WatchModes([modeOf('/runs', LOCAL, { kind: 'not-there' })])
    expect(modes.list()).toEqual([
      { root: '/runs', mode: 'events', reason: expect.stringContaining('once it is there') },
    ])
    const probed = modeOf('/runs', LOCAL, { kind: 'seen' })
    modes.found(probed)
    expect(modes.list()).toEqual([probed])
    modes.fallBack('/runs', 'no more watches')
    modes.found(probed)
    expect(modes.isPolled('/runs')).toBe(true)
  })

  test('is told of with its mode and the reason, whether it is there or not', async () => {
    const missing = join(folder, 'not-yet')
    const modes = await detectModes([folder, missing], folder)
    expect(modes).toMatchObject([{ root: folder, reason: expect.any(String) }, { root: missing }])
    expect(modes[1]!.reason).not.toContain('can be written')
    expect(await readdir(folder)).toEqual([])
  })
})
