import { renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formatSet } from '../../src/core/formats/described-formats.ts'
import type { LogRecord } from '../../src/core/records/format.ts'
import { readVersion } from '../core/formats/documents/versions.ts'
import { tempFolder } from '../temp-folder.ts'
import { FollowedDocument, type Look } from './followed-document.ts'

interface Row {
  readonly step?: number
  readonly epoch?: number
  readonly loss: number
  readonly note?: string
}

const rows = (count: number, first = 1): Row[] =>
  Array.from({ length: count }, (_, index) => {
    const step = first + index
    const loss = Math.round(1e4 * (1 + 2 / step + ((step * 7919) % 1000) / 1e4)) / 1e4
    return { epoch: step / 100, loss, step }
  })

const trainerState = (log: readonly object[], maxSteps = 1_000_000) =>
  `${JSON.stringify({ best_metric: null, global_step: log.length, log_history: log, max_steps: maxSteps }, null, 2)}\n`
const listOf = (log: readonly object[]) => JSON.stringify(log, null, 1)
const oneAfterTheOther = (log: readonly object[]) => log.map((row) => JSON.stringify(row, null, 2)).join('\n')

const DOCUMENTS = { trainerState, listOf, oneAfterTheOther } as const
/** Several pieces of half a mebibyte. */
const MANY = 16_000

async function followed(options: ConstructorParameters<typeof FollowedDocument>[1] = {}, name = 'history.json') {
  const path = join(await tempFolder(), name)
  const document = new FollowedDocument(path, options)
  onTestFinished(() => document.close())
  return { path, document }
}

/** Writes a version, some time after the one before. */
let writtenMs = Date.parse('2026-11-29T08:00:00Z')
function write(path: string, text: string): void {
  writeFileSync(path, text)
  writtenMs += 1000
  utimesSync(path, writtenMs / 1000, writtenMs / 1000)
}

const withoutOffsets = (records: readonly LogRecord[]) =>
  records.map((record) => ({ ...record, ...('offset' in record && { offset: 0 }) }))
const stepsOf = ({ records }: Pick<Look, 'records'>) =>
  records.map((record) => (record.kind === 'scalars' ? record.step : null))

describe('a list of records in a document', () => {
  for (const [name, documentOf] of Object.entries(DOCUMENTS)) {
    test(`is read element by element as it would be read at once, in bounded pieces: ${name}`, async () => {
      const text = documentOf(rows(MANY))
      const { path, document } = await followed()
      write(path, text)
      const look = await document.look()
      expect(look.rejects).toEqual([])
      expect([...look.kinds]).toEqual(['elements'])
      expect(look.reads).toBeGreaterThan(1)
      expect(withoutOffsets(look.records)).toEqual(withoutOffsets(readVersion(text).records))
      const bytes = Buffer.from(text)
      for (const record of look.records.slice(-50)) {
        if (record.kind !== 'scalars') throw new Error('a record of metrics is expected')
        expect(bytes.toString('utf8', record.offset, record.offset + 1)).toBe('{')
        expect(bytes.toString('utf8', record.offset, record.offset + 100)).toContain(`"step": ${record.step}`)
      }
      expect((await document.look()).reads).toBe(0)
    })

    test(`is judged alike, read by templates or not: ${name}`, async () => {
      const text = documentOf(
        rows(MANY).map((row) => (row.step === MANY ? { ...row, loss: Number.NaN } : row)),
      ).replace('"loss": null', '"loss": NaN')
      const { path, document } = await followed()
      write(path, text)
      const slow = new FollowedDocument(path, { isSlow: true })
      onTestFinished(() => slow.close())
      const [one, other] = [await document.look(), await slow.look()]
      expect(one.records).toEqual(other.records)
      expect(document.run.memory.incidents.open.map(({ alert }) => alert.rule)).toContain('non-finite')
      expect(document.file.state).toEqual(slow.file.state)
      expect(document.run.memory).toEqual(slow.run.memory)
    })

    test(`is read on behind the elements that are known, whoever reads: ${name}`, async () => {
      const { path, document } = await followed()
      for (const count of [1, 2, 3, 40, 41, MANY, MANY + 1, MANY + 2, MANY + 3000]) {
        const text = documentOf(rows(count))
        const told = document.file.cursor === null ? 0 : toldBefore
        write(path, text)
        const look = await document.look({ between: () => void document.restart() })
        if (count > 1) expect(stepsOf(look)).toEqual(rows(count - told, told + 1).map(({ step }) => step))
        expect(look.rejects).toEqual([])
        toldBefore = told + look.records.length
      }
      write(path, documentOf(rows(MANY + 3000)))
      expect((await document.look()).records).toEqual([])
    })
    let toldBefore = 0

    test(`is read on where its writing stands, each element once: ${name}`, async () => {
      const text = documentOf(rows(60))
      const { path, document } = await followed()
      write(path, documentOf(rows(30)))
      const told = [...stepsOf(await document.look())]
      for (let cut = 1; cut <= text.length; cut += 7) {
        write(path, text.slice(0, cut))
        const look = await document.look()
        expect(look.rejects).toEqual([])
        told.push(...stepsOf(look))
      }
      write(path, text)
      told.push(...stepsOf(await document.look()))
      expect(told).toEqual(rows(60).map(({ step }) => step))
    })

    test(`is that of another attempt where it is shorter, or holds others: ${name}`, async () => {
      const changed = rows(40).map((row) => (row.step === 20 ? { ...row, loss: 9 } : row))
      // Where no bracket closes it, a shorter one may still be written.
      const shorter = documentOf === oneAfterTheOther ? [] : [rows(20)]
      for (const next of [...shorter, rows(20, 2), rows(40, 2), changed, rows(40, 100)]) {
        const { path, document } = await followed()
        write(path, documentOf(rows(40)))
        await document.look()
        write(path, documentOf(next))
        expect(stepsOf(await document.look())).toEqual(next.map(({ step }) => step))
        write(path, `${documentOf(next)}\n`)
        expect((await document.look()).records).toEqual([])
      }
    })

    test(`counts its elements where they do not, over several pieces: ${name}`, async () => {
      const uncounted = rows(MANY).map(({ loss }) => ({ loss, note: 'as it was measured on the second card' }))
      const { path, document } = await followed()
      write(path, documentOf(uncounted))
      const look = await document.look()
      expect(look.reads).toBeGreaterThan(2)
      expect(stepsOf(look)).toEqual(uncounted.map((_, index) => index))
    })
  }

  test('is the same however it is laid out', async () => {
    const layouts = [null, 2, '\t', 4, null]
    for (const documentOf of [(log: Row[]) => log, (log: Row[]) => ({ log_history: log, note: 'a "b" [c]\\' })]) {
      const { path, document } = await followed()
      for (const [at, indent] of layouts.entries()) {
        const noted = rows(40 + at).map((row) => ({ ...row, note: 'two  blanks, {a brace and "quotes"\\' }))
        write(path, `${JSON.stringify(documentOf(noted), null, indent ?? 0)}`)
        expect(stepsOf(await document.look())).toEqual(at === 0 ? noted.map(({ step }) => step) : [40 + at])
      }
    }
  })

  test('is that of another attempt where it parts from the one before early, though it may grow', async () => {
    for (const documentOf of [oneAfterTheOther, (log: readonly object[]) => listOf(log).replace(/\]$/, '')]) {
      const { path, document } = await followed()
      write(path, documentOf(rows(100)))
      await document.look()
      const other = rows(70).map((row, index) => (index < 20 ? row : { ...row, loss: 5 }))
      write(path, documentOf(other))
      expect(stepsOf(await document.look())).toEqual(other.map(({ step }) => step))
      expect((await document.look()).reads).toBe(0)
    }
  })

  test('is read on from the cursor while no bracket closes it, and what comes then is no old news', async () => {
    for (const documentOf of [oneAfterTheOther, (log: readonly object[]) => listOf(log).replace(/\]$/, '')]) {
      const text = documentOf(rows(MANY))
      const { path, document } = await followed({ backfillUntil: text.length })
      write(path, text)
      expect((await document.look()).isBackfill).toBe(true)
      for (const count of [MANY + 1, MANY + 2]) {
        write(path, documentOf(rows(count)))
        const look = await document.look()
        expect([stepsOf(look), look.reads]).toEqual([[count], 1])
      }
      expect(document.run.backfill).toBe(false)
    }
  })

  test('that was written again while it was read is looked at once more', async () => {
    const { path, document } = await followed()
    write(path, trainerState(rows(MANY)))
    let isChanged = false
    const look = await document.look({
      between: () => {
        if (!isChanged) write(path, trainerState(rows(MANY).map((row) => (row.step === 2 ? { ...row, loss: 7 } : row))))
        isChanged = true
      },
    })
    const again = await document.look()
    const changed = [...look.records, ...again.records].filter(
      (record) => record.kind === 'scalars' && record.scalars.some(({ value }) => value === 7),
    )
    expect(changed.length).toBe(1)
  })

  test('goes on in a version that takes its place, and in one that was read as a whole before', async () => {
    const { path, document } = await followed({}, 'log')
    for (const count of [10, 20, MANY]) {
      write(`${path}.new`, listOf(rows(count)))
      renameSync(`${path}.new`, path)
      for (let look = 0; look < 3; look++) {
        const { records, rejects } = await document.look()
        expect(rejects).toEqual([])
        told.push(...stepsOf({ records }))
      }
      expect(told).toEqual(rows(count).map(({ step }) => step))
    }
  })
  const told: (number | null)[] = []

  test('says by what stands around it that training is over', async () => {
    const { path, document } = await followed({}, 'trainer_state.json')
    write(path, trainerState(rows(10), 20))
    await document.look()
    expect(document.run.memory.ending?.kind).toBeUndefined()
    write(path, trainerState(rows(20), 20))
    await document.look()
    expect(document.run.memory.ending?.kind).toBe('finished')
  })

  test('is old as its first version, and new in all that is written then', async () => {
    const text = trainerState(rows(MANY))
    const { path, document } = await followed({ backfillUntil: text.length })
    write(path, text)
    expect((await document.look()).isBackfill).toBe(true)
    write(path, trainerState(rows(MANY + 1)))
    const look = await document.look()
    expect(stepsOf(look)).toEqual([MANY + 1])
    expect(document.run.backfill).toBe(false)
  })

  test('that breaks off, or holds what is no element, is told once and keeps what was read', async () => {
    const text = trainerState(rows(30))
    const at = text.indexOf('"step": 20')
    const many = trainerState(rows(MANY))
    for (const [broken, problem, least] of [
      [text.slice(0, at), /breaks off|cut|end/, 19],
      [text.replace(/"loss": [\d.]+,\s+"step": 20/, '"loss": tru, "step": 20'), /./, 29],
      [text.replace(/\},(\s*\{\s*"epoch": 0.2,)/, '}; $1'), /no element/, 30],
      [many.replace(/\},(\s*\{\s*"epoch": 150,)/, '}}, oops $1'), /no element/, MANY],
      [`${many}x`, /no element/, MANY],
    ] as const) {
      const { path, document } = await followed()
      write(path, broken)
      const look = await document.look({ writerHasLeft: true })
      expect(look.rejects.length).toBe(1)
      expect(look.rejects[0]).toMatch(problem)
      expect(look.records.length).toBe(least)
      write(path, trainerState(rows(MANY + 1)))
      const next = await document.look({ writerHasLeft: true })
      expect(next.rejects).toEqual([])
      expect(stepsOf(next)).toContain(MANY + 1)
    }
  })

  test('that a user has described is read as a whole', async () => {
    const built = formatSet([{ name: 'mine', records: 'log_history', fields: { step: 'step', mine: 'loss' } }])
    if (!built.ok) throw new Error(built.problem)
    const { path, document } = await followed({ formats: built.format, backfillUntil: 1e6 })
    write(path, trainerState(rows(20)))
    const look = await document.look()
    expect(look.isBackfill).toBe(true)
    expect(look.kinds).toContain('frames')
    expect(look.records).toMatchObject(
      rows(20).map(({ step, loss }) => ({ step, scalars: [{ metric: 'mine', value: loss }] })),
    )
    write(path, trainerState(rows(21)))
    const next = await document.look()
    expect([...next.kinds]).toEqual(['frames'])
    expect(stepsOf(next)).toEqual([21])
  })

  test('among other lists, or beside columns, is read as a whole', async () => {
    for (const text of [
      JSON.stringify({ history: rows(3), evals: rows(2) }, null, 1),
      JSON.stringify({ loss: [3, 2, 1], val_loss: [3, 2, 2] }, null, 1),
      JSON.stringify([{ name: 'a' }, { name: 'b' }], null, 1),
    ]) {
      const { path, document } = await followed()
      write(path, text)
      const look = await document.look()
      expect([...look.kinds]).toEqual(['frames'])
      expect(look.records).toEqual(readVersion(text).records)
    }
  })
})
