import { join } from 'node:path'
import { sqliteFactory } from '../../../src/store/sqlite/sqlite-factory.ts'
import { tempFolder } from '../../temp-folder.ts'
import { testStore } from '../conformance.ts'

testStore('SQLite', async () => sqliteFactory(join(await tempFolder(), 'state', 'nanwatch.db')))
