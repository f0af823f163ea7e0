import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { WalCare } from '../../../src/store/sqlite/wal-care.ts'
import { tempFolder } from '../../temp-folder.ts'

const MIB = 1024 * 1024

function opened(path: string): Database.Database {
  const db = new Database(path)
  onTestFinished(() => void db.close())
  return db
}

test('the writer rests for as long as a reader keeps the write-ahead log long, which is emptied once it has ended', async () => {
  const path = join(await tempFolder(), 'nanwatch.db')
  const db = opened(path)
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE pieces (content BLOB)')
  const write = (mib: number) => db.prepare('INSERT INTO pieces VALUES (zeroblob(?))').run(mib * MIB)
  const walBytes = () => statSync(`${path}-wal`).size
  const care = new WalCare(db, path)

  const reader = opened(path)
  const reading = reader.prepare('SELECT rowid FROM pieces').iterate()
  write(1)
  reading.next()
  expect(care.restMs(10_000)).toBe(0)
  write(16)
  // Each try would be in vain: it is made once a second.
  expect([care.restMs(10_000), care.restMs(10_999), care.restMs(11_000)]).toEqual([1000, 1000, 1000])
  reading.return?.()
  expect(care.restMs(11_999)).toBe(1000)
  expect(walBytes()).toBeGreaterThan(16 * MIB)
  expect(care.restMs(12_000)).toBe(0)
  expect(walBytes()).toBe(0)
})
