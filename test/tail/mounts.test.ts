import { execFileSync, spawnSync } from 'node:child_process'
import { appendFile, mkdir, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { detectModes, type RootMode } from '../../src/tail/watch-modes.ts'
import { tempFolder } from '../temp-folder.ts'
import { Reading } from './reading.ts'

interface Mount {
  readonly name: string
  readonly mode: RootMode['mode']
  /** The program without which it cannot be tried, and the Debian package that holds it. */
  readonly needs: string
  /** Mounts at `at`, with what it needs in `aside`. */
  readonly command: (at: string, aside: (name: string) => string) => readonly [string, ...string[]]
}

const layers = (aside: (name: string) => string) =>
  `lowerdir=${aside('lower')},upperdir=${aside('upper')},workdir=${aside('work')}`

const MOUNTS: readonly Mount[] = [
  { name: 'tmpfs', mode: 'events', needs: 'mount', command: (at) => ['mount', '-t', 'tmpfs', 'none', at] },
  {
    name: 'overlayfs over tmpfs',
    mode: 'polling',
    needs: 'mount',
    command: (at, aside) => ['mount', '-t', 'overlay', 'none', '-o', layers(aside), at],
  },
  { name: 'FUSE (bindfs)', mode: 'polling', needs: 'bindfs', command: (at, aside) => ['bindfs', aside('upper'), at] },
  {
    name: 'FUSE (fuse-overlayfs)',
    mode: 'polling',
    needs: 'fuse-overlayfs',
    command: (at, aside) => ['fuse-overlayfs', '-o', layers(aside), at],
  },
]

/** Why a mount cannot be tried here, or null. */
function obstacle({ needs }: Mount): string | null {
  if (process.getuid?.() !== 0) return 'only root may mount'
  return spawnSync('which', [needs]).status === 0 ? null : `needs the package ${needs}`
}

/** An upper and a lower folder on a tmpfs of their own, for an overlay cannot lie on another. */
async function mounted({ command }: Mount): Promise<string> {
  const folder = await tempFolder()
  const base = join(folder, 'base')
  const at = join(folder, 'mounted')
  for (const name of [base, at]) await mkdir(name)
  execFileSync('mount', ['-t', 'tmpfs', 'none', base])
  onTestFinished(() => void execFileSync('umount', ['-l', base]))
  for (const name of ['lower', 'upper', 'work']) await mkdir(join(base, name))
  const [program, ...args] = command(at, (name) => join(base, name))
  execFileSync(program, args, { stdio: 'pipe' })
  onTestFinished(() => void execFileSync('umount', ['-l', at]))
  return at
}

for (const mount of MOUNTS) {
  const reason = obstacle(mount)
  test.skipIf(reason !== null)(
    `${mount.name} is followed by ${mount.mode}${reason ? ` (skipped: ${reason})` : ''}`,
    async () => {
      const at = await mounted(mount)
      expect(await detectModes([at], at)).toMatchObject([{ mode: mount.mode }])

      const log = join(at, 'train.log')
      let nowMs = 0
      const isPolled = () => mount.mode === 'polling'
      const reading = new Reading(log, { options: { isPolled, nowMs: () => nowMs } })
      onTestFinished(() => reading.close())
      /** Looks often enough for a poller to believe what it sees. */
      const catchUp = async () => {
        for (let look = 0; look < 3; look++) {
          await reading.catchUp()
          nowMs += 100
        }
      }
      await writeFile(log, 'line 1\n')
      await catchUp()
      await appendFile(log, 'line 2\nhalf')
      await catchUp()
      await appendFile(log, ' 3\nunread\n')
      await rename(log, `${log}.1`)
      await writeFile(log, 'new 1\n')
      await catchUp()
      await truncate(log)
      await appendFile(log, 'newer 1\nnewer 2\n')
      await catchUp()
      await reading.restart()
      await appendFile(log, 'last\n')
      await catchUp()
      expect(reading.lines).toEqual(['line 1', 'line 2', 'half 3', 'unread', 'new 1', 'newer 1', 'newer 2', 'last'])
      expect(reading.gaps).toMatchObject([{ reason: 'the file was rewritten' }])
    },
  )
}
