import { join } from 'node:path'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import { tempFolder } from '../../temp-folder.ts'
import { testStore } from '../conformance.ts'

testStore('SQLite', async () => {
  const path = join(await tempFolder(), 'state', 'nanwatch.db')
  return { open: async () => sqliteStore(path), read: () => sqliteReader(path) }
})
