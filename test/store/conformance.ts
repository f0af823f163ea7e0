import { describe } from 'vitest'
import type { StoreFactory } from '../../src/store/store-factory.ts'
import { testAlerts } from './conformance/alerts.ts'
import { testCommits } from './conformance/atomicity.ts'
import { testEntries } from './conformance/entries.ts'
import { testEnvelopes } from './conformance/envelopes.ts'
import { testForgetting } from './conformance/forgetting.ts'
import { testOpening } from './conformance/opening.ts'
import { testOutbox } from './conformance/outbox.ts'
import { testResumption } from './conformance/resumption.ts'
import { testRuns } from './conformance/runs.ts'
import { testSamples } from './conformance/samples.ts'
import { testSnapshots } from './conformance/snapshots.ts'
import { Subject } from './conformance/subject.ts'
import { testValues } from './conformance/values.ts'

/** What every store must do. A new one that passes is done. `makeStores` makes one that holds nothing yet. */
export function testStore(name: string, makeStores: () => Promise<StoreFactory>): void {
  const open = async () => Subject.open(await makeStores())
  describe(`the ${name} store`, () => {
    describe('applies a commit whole', () => testCommits(open))
    describe('keeps values exactly', () => testValues(open))
    describe('answers with samples', () => testSamples(open))
    describe('sums a series up', () => testEnvelopes(open))
    describe('keeps alerts', () => testAlerts(open))
    describe('numbers entries', () => testEntries(open))
    describe('owes notifications', () => testOutbox(open))
    describe('says of a run', () => testRuns(open))
    describe('lets a daemon read on', () => testResumption(open))
    describe('forgets a run', () => testForgetting(open))
    describe('lets a reader see one moment', () => testSnapshots(open))
    describe('is opened', () => testOpening(makeStores))
  })
}
