import { mkdirSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Daemon, temporaryFolder } from '../e2e/nanwatch.ts'
import { CONFIG, isThere, killJob, OWN_PROCESSES, playEndings, startJob } from './play.ts'
import { ENDINGS } from './table.ts'

const isLinux = platform() === 'linux'
/** A hang is told at the next look at all runs; a busy machine may take longer. */
const LATEST_MS = 15_000

describe.skipIf(!isLinux)('how jobs end, each a real process', () => {
  test('each is called what it is, nobody is woken by a healthy end, and each hang is told within its bound', async () => {
    const { jobs, absent, wrong, falseAlarms, wrongOld, latestMs } = await playEndings()
    if (absent.length > 0) console.warn(`not played, because they are absent: ${absent.join(', ')}`)
    expect({ wrong, falseAlarms, wrongOld }).toEqual({ wrong: [], falseAlarms: [], wrongOld: [] })
    expect(latestMs).toBeLessThan(LATEST_MS)
    expect(jobs).toBeGreaterThanOrEqual(40)
    expect(ENDINGS.length).toBeGreaterThanOrEqual(60)
  }, 400_000)

  test.skipIf(!isLinux || !isThere('unshare'))(
    'where the processes cannot be seen the run says so, and one that falls silent is lost: one warning',
    async () => {
      const folder = temporaryFolder()
      const root = join(folder, 'runs')
      const config = join(folder, 'config.json')
      mkdirSync(root)
      writeFileSync(config, JSON.stringify(CONFIG))
      const args = ['watch', root, '--config', config, '--db', join(folder, 'nanwatch.db'), '--port', '0']
      const daemon = new Daemon(args, undefined, OWN_PROCESSES)
      await daemon.event('ready')
      const job = startJob(join(root, 'apart'), 'job plain 40 --end live > train.log')
      try {
        const running = await daemon.event('run', ({ state }) => state === 'running', 60_000)
        expect(running['stateReason']).toMatch(/no process is seen that holds it open/)
        await daemon.event('run', ({ state }) => state === 'lost', 120_000)
        await new Promise((resolve) => setTimeout(resolve, 3 * CONFIG.idleAfterMs))
        const severities = daemon.events.filter(({ type }) => type === 'alert').map(({ severity }) => severity)
        expect(severities).toEqual(['warning'])
      } finally {
        killJob(job)
        // A TERM would stop at `unshare`.
        await daemon.stop('SIGKILL')
      }
    },
    300_000,
  )
})
