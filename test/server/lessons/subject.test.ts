import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { demoSubject } from '../../../src/server/lessons/demo-subject.ts'
import { runSubject, runsToLearnFrom } from '../../../src/server/lessons/run-subject.ts'
import { subjectOf } from '../../../src/server/lessons/subject.ts'
import { sqliteReader } from '../../../src/store/sqlite/sqlite-reader.ts'
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts'
import type { Reader, Store } from '../../../src/store/store.ts'
import { commit, run } from '../../store/commits.ts'
import { tempFolder } from '../../temp-folder.ts'
import { predictions } from './predictions.ts'

describe('the demo', () => {
  test('breaks at step 105 by seven rows, and its lesson is of the step before', () => {
    const subject = demoSubject(null)!
    expect(subject.batch.step).toBe(104)
    expect(subject.broken?.batch.step).toBe(105)
    expect(subject.broken?.batch.measure.zeroOnTruth.count).toBe(7)
    expect(subject.broken?.before).toBe(subject.batch)
    expect(subject.history).toHaveLength(104)
  })

  test('has the recomputed loss of each step within a rounding in float32 of what the job logged', () => {
    for (const { measure, reportedLoss } of demoSubject(null)!.history) {
      expect(Number(measure.crossEntropy)).toBeCloseTo(Number(reportedLoss), 4)
    }
  })

  test('may be looked at at any step up to its end, and at no other', () => {
    expect(demoSubject(20)?.batch.step).toBe(20)
    expect(demoSubject(20)?.history).toHaveLength(20)
    expect(demoSubject(106)).toBeNull()
  })
})

describe('a run', () => {
  let store: Store
  let reader: Reader

  beforeEach(async () => {
    const path = join(await tempFolder(), 'nanwatch.db')
    store = sqliteStore(path)
    reader = sqliteReader(path)
    onTestFinished(async () => {
      await reader.close()
      await store.close()
    })
  })

  const committed = async (name: string, truths: readonly (readonly number[])[]) =>
    void (await store.commit(predictions(name, truths)))

  test('that broke is shown at the last batch before it did, with the one that broke it', async () => {
    await committed('sick', [[0.5], [0.4], [0], [NaN], [NaN]])
    const subject = (await runSubject(reader, 'sick', null))!
    expect(subject.batch.step).toBe(10)
    expect(subject.broken?.batch.step).toBe(20)
    expect(subject.broken?.before?.step).toBe(10)
    expect(subject.history.map(({ step }) => step)).toEqual([0, 10])
  })

  test('that broke in its first batch is shown at that one', async () => {
    await committed('stillborn', [[0], [NaN]])
    const subject = (await runSubject(reader, 'stillborn', null))!
    expect(subject.batch.step).toBe(0)
    expect(subject.broken?.before).toBeNull()
  })

  test('that is well is shown at its newest batch, with no more than the last 200', async () => {
    await committed(
      'well',
      Array.from({ length: 205 }, () => [0.5]),
    )
    const subject = (await runSubject(reader, 'well', null))!
    expect(subject.batch.step).toBe(2040)
    expect(subject.broken).toBeNull()
    expect(subject.history).toHaveLength(200)
  })

  test('is shown at the step that is asked for, and at no other', async () => {
    await committed('sick', [[0.5], [0.4], [0], [NaN]])
    expect((await runSubject(reader, 'sick', 30))?.batch.measure.nan.count).toBe(1)
    expect((await runSubject(reader, 'sick', 0))?.history).toHaveLength(1)
    expect(await runSubject(reader, 'sick', 15)).toBeNull()
  })

  test('without predictions is none to learn from', async () => {
    await committed('sick', [[0.5]])
    await store.commit(commit({ runs: [run('scalars')] }))
    expect(await runsToLearnFrom(reader)).toEqual(['sick'])
    expect(await runSubject(reader, 'scalars', null)).toBeNull()
    expect((await subjectOf(reader, 'scalars', null))?.source).toEqual({ kind: 'demo', run: 'iris-naive', step: 104 })
    expect((await subjectOf(reader, null, null))?.source).toEqual({ kind: 'run', run: 'sick', step: 0 })
  })
})
