import { appendFileSync, cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkConfig } from '../../src/config/read-config.ts'
import { runDaemon } from '../../src/daemon/daemon.ts'
import { daemonStore } from '../../src/daemon/daemon-store.ts'
import { published } from '../../src/protocol/alert.ts'
import { sqliteReader } from '../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../temp-folder.ts'

type Row = Readonly<Record<string, unknown>>

/** What the build that wrote the database said of it, and what it said after it had read what was appended. */
interface Expected {
  readonly before: { readonly alerts: Row[]; readonly runs: Row[]; readonly parts: Row[]; readonly owed: string[] }
  readonly after: { readonly alerts: Row[]; readonly runs: Row[] }
}

const DATABASES = fileURLToPath(new URL('../fixtures/databases', import.meta.url))
const COUNTS = ['run', 'samples', 'batches', 'rejects', 'gaps', 'lastStep', 'lastLoss']
const ALERT = (
  'id run rule severity state metric step attempt value backfill signs ' +
  'message detectedAt resolvedAt resolvedStep cause file related'
).split(' ')
/** For so long nothing more may come. */
const CALM_MS = 500

/** The database with the logs in a folder of this machine, as if it had been written here. */
async function unpacked(made: string) {
  const folder = await tempFolder()
  const [root, database] = [join(folder, 'logs'), join(folder, 'nanwatch.db')]
  cpSync(join(made, 'logs'), root, { recursive: true })
  const here = (text: string) => text.replaceAll('/nanwatch-fixture', root)
  const sql = gunzipSync(readFileSync(join(made, 'database.sql.gz'))).toString()
  const db = new Database(database)
  // A copy of a file has numbers of its own.
  db.exec(here(sql.replaceAll(/"(device|inode) of ([^"]+)"/g, (_, what, name) => `"${numberOf(root, what, name)}"`)))
  db.close()
  const expected = JSON.parse(here(readFileSync(join(made, 'expected.json'), 'utf8'))) as Expected
  return { root, database, expected }
}

function numberOf(root: string, what: string, name: string): bigint {
  const stat = statSync(join(root, name), { bigint: true, throwIfNoEntry: false })
  return (what === 'inode' ? stat?.ino : stat?.dev) ?? 0n
}

/**
 * Whether the build before has not cut the text of an alert in the middle of its metric. Such a text is mended, which is
 * shown where `alert-parts.ts` is tested.
 */
function isWhole(alert: object): boolean {
  const { metric, message } = alert as { metric: string; message: string }
  return !metric.includes('. ') || message.includes(`${metric} is `) || message.includes(`${metric} jumped to `)
}

/** The alert with the sentence that calls it off behind the fix, where schema 3 had it. */
function withCallOffLast(alert: object): object {
  const { message } = alert as { message: string }
  const [called = ''] = / It was caught: training went on[^.]*\./.exec(message) ?? []
  return { ...alert, message: message.replace(called, '') + called }
}

/** Builds before called a stall critical without a living process that holds the log. The alert is the same one, as a warning. */
function asHeldByNobody(alert: object): object {
  const { rule, state, severity } = alert as Row
  const isUnproven = rule === 'stall' && state === 'firing' && severity === 'critical'
  return isUnproven ? { ...alert, severity: 'warning' } : alert
}

/** Nobody holds the log of this job: for a minute it may have caught its exception. */
function asWaiting(alert: Row): Row {
  return `${alert['run']} ${alert['rule']}` === 'dying crashed' ? { ...alert, severity: 'info' } : alert
}

/** Classes that this build names in alerts which begin after it has opened the database, by run and rule. */
const CLASSES: Readonly<Record<string, string>> = {
  'worse-later non-finite': 'C29-nan-loss',
  'dying crashed': 'C21-exception',
}

/** What the build before said, as this one says it: it names more classes, and shows a job that died of its NaN by the alert of the NaN. */
function asSaidNow(alerts: readonly Row[]): readonly object[] {
  return alerts
    .filter(({ run, rule }) => `${run} ${rule}` !== 'wandb crashed')
    .map((alert) => ({ ...alert, code: CLASSES[`${alert['run']} ${alert['rule']}`] ?? alert['code'] }))
    .map(asWaiting)
    .map(asHeldByNobody)
}

/** These keys of each object, in an order that the content gives. */
function only(keys: readonly string[], rows: readonly object[]): unknown[] {
  const some = rows.map((row) => Object.fromEntries(keys.map((key) => [key, (row as Row)[key]])))
  return some.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

for (const name of readdirSync(DATABASES).filter((entry) => entry.startsWith('schema-'))) {
  describe(`a database that a daemon of ${name} left`, () => {
    const made = join(DATABASES, name)

    test('is opened with all of its alerts, by the same names and in the same words', async () => {
      const { database, expected } = await unpacked(made)
      await sqliteStore(database).close()
      const reader = sqliteReader(database)
      onTestFinished(() => reader.close())
      const { alerts, parts, runs } = expected.before
      const found = (await reader.alerts({})).map(published)
      expect(only(['id'], found)).toEqual(only(['id'], alerts))
      const whole = alerts.filter(isWhole)
      const theirs = found.filter(({ id }) => whole.some((alert) => alert['id'] === id))
      expect(whole.length).toBeGreaterThan(40)
      expect(only(ALERT, theirs.map(withCallOffLast))).toMatchObject(only(ALERT, whole.map(withCallOffLast)))
      const stored = await reader.alerts({ withParts: true })
      expect(
        only(
          ['id', 'partOf'],
          stored.filter(({ partOf }) => partOf !== null),
        ),
      ).toEqual(only(['id', 'partOf'], parts))
      expect(only([...COUNTS, 'state', 'critical', 'warning'], await reader.runs())).toEqual(
        only([...COUNTS, 'state', 'critical', 'warning'], runs),
      )
    })

    test('still owes what it owed', async () => {
      const { database, expected } = await unpacked(made)
      const { outbox, close } = sqliteStore(database)
      onTestFinished(close)
      const keys: string[] = []
      for (let owed = await outbox.due('pager', Infinity); owed !== null; owed = await outbox.due('pager', Infinity)) {
        keys.push(owed.key)
        await outbox.markDelivered(owed.id)
      }
      expect(keys.sort()).toEqual(expected.before.owed.toSorted())
    })

    test('is read on from: nothing twice, nothing left out, and what was halfway is told', async () => {
      const { root, database, expected } = await unpacked(made)
      for (const file of readdirSync(join(made, 'appended'), { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue
        const path = join(file.parentPath, file.name)
        appendFileSync(path.replace(join(made, 'appended'), root), readFileSync(path))
      }
      const config = checkConfig({ ...JSON.parse(readFileSync(join(made, 'config.json'), 'utf8')), port: 0 }, 'test')
      const stop = new AbortController()
      const events: unknown[] = []
      const onEvent = (event: unknown) => void events.push(event)
      const ended = runDaemon(
        {
          config,
          roots: [root],
          database: daemonStore(database, config.retention),
          version: '0',
          dashboard: root,
          onEvent,
        },
        stop.signal,
      )
      onTestFinished(async () => {
        stop.abort()
        await ended
      })
      await vi.waitFor(() => expect(events).not.toEqual([]), { timeout: 20_000 })
      const reader = sqliteReader(database)
      onTestFinished(() => reader.close())
      const { alerts, runs } = expected.after
      const isAsExpected = async () => {
        expect(only(COUNTS, await reader.runs())).toEqual(only(COUNTS, runs))
        const told = (await reader.alerts({})).map((alert) => ({ ...alert, code: alert.cause?.code ?? null }))
        expect(only(Object.keys(alerts[0]!), told)).toEqual(only(Object.keys(alerts[0]!), asSaidNow(alerts)))
      }
      await vi.waitFor(isAsExpected, { timeout: 20_000, interval: 100 })
      await new Promise((resolve) => setTimeout(resolve, CALM_MS))
      await isAsExpected()
    })
  })
}
