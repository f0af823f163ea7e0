import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { numberAt } from '../../../src/core/literals/number.ts'
import { addSample, emptyRollup, type RolledSample } from '../../../src/store/sqlite/rollups-of-schema-2.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { commit, fileUpdate, run, sample } from '../commits.ts'

const ROW: RolledSample = { ordinal: 0, attempt: 0, step: 0, value: null, kind: 1, raw: 'nan', offset: 0 }

/** Checksums as databases have them that were written before zlib computed them. */
const STORED: readonly { readonly name: string; readonly raw: string | null; readonly crc: number }[] = [
  { name: 'nothing', raw: null, crc: 892605161 },
  { name: 'what most logs write', raw: 'nan', crc: 3004717916 },
  { name: 'characters of Latin-1', raw: "tensor(nan, name='été')", crc: 952381933 },
  { name: 'characters of two bytes', raw: "tensor(nan, name='損失é')", crc: 3134664394 },
  { name: 'a surrogate pair', raw: "tensor(nan, name='😀')", crc: 4173910799 },
]

describe('the checksum of a sample', () => {
  for (const { name, raw, crc } of STORED) {
    test(`is what it always was where its raw text holds ${name}`, () => {
      const rollup = emptyRollup(ROW)
      addSample(rollup, { ...ROW, raw })
      addSample(rollup, { ...ROW, ordinal: 1, value: 1.5, kind: 0, raw: null })
      expect(rollup.crc).toBe(crc)
    })
  }
})

/** Words of a log in which a number stands, and what else a framework prints around it. */
const WORDS = [
  'nan',
  "tensor(nan, name='損失é')",
  "tensor(nan, name='été')",
  // Raw text ends after 64 characters: here within a surrogate pair.
  `tensor(nan, name='${'a'.repeat(45)}😀')`,
  "tensor(nan, name='\0')",
]
for (const word of WORDS) {
  test(`a sample that a log spells ${JSON.stringify(word)} is found to be what was written`, async () => {
    const path = join(await tempFolder(), 'nanwatch.db')
    const found = numberAt(word, 0)
    expect(found?.value).toBe('NaN')
    const store = sqliteStore(path)
    const samples = [sample(0, 1), sample(1, NaN, { raw: found!.raw }), sample(2, 1)]
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { samples })] }))
    await store.upkeep(Date.now())
    // One that turns out to belong to the next attempt is summed up from what is stored.
    const moves = [{ metric: 'loss', ordinal: 1, attempt: 1 }]
    await store.commit(commit({ runs: [run('a')], files: [fileUpdate({}, { moves })] }))
    await store.upkeep(Date.now())
    await store.close()
    const db = new Database(path)
    const raw = db.prepare('SELECT raw FROM samples WHERE ordinal = 1').pluck().get()
    db.close()
    expect(raw).toBe(found!.raw?.replace(/[\ud800-\udbff]$/, '\ufffd'))
  })
}
