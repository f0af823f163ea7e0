import { memoryFactory } from '../../../src/store/memory/memory-factory.ts'
import { testStore } from '../conformance.ts'

testStore('memory', async () => memoryFactory())
