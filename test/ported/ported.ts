import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mode } from './modes.ts'
import type { PortedCase } from './ported-case.ts'
import { Scene, type SceneSettings } from './scene.ts'

/** What a case was found to give. */
export interface Found {
  readonly lines: Readonly<Record<string, readonly number[]>>
  readonly gaps: number
  readonly rejects: number
}

/** What a case must give. */
export function expectedOf({ lines, gaps = 0, rejects = 0 }: PortedCase): Found {
  return { lines, gaps, rejects }
}

/** Plays one case on real files with a real store. */
export async function playCase(
  ported: PortedCase,
  mode: Mode,
  spoiled: Pick<SceneSettings, 'remember' | 'patienceMs'> = {},
): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'nanwatch-ported-'))
  const scene = new Scene(folder, { ...spoiled, mode, roots: ported.roots, exclude: ported.exclude })
  try {
    if (ported.startsStopped !== true) await scene.start()
    await ported.play(scene)
    await scene.end(ported.lines)
    return { lines: scene.lines(), gaps: scene.count('gaps'), rejects: scene.count('rejects') }
  } finally {
    await scene.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
