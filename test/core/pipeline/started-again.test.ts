import { expect, test } from 'vitest'
import { plain } from '../job/end-words.ts'
import { WatchedRun } from './watched-run.ts'

const DIED = 'Traceback (most recent call last):\n  File "train.py", line 41, in <module>\nValueError: no\n'
const OUT = plain(60)
const upTo = (step: number) => `${OUT.split('\n').slice(0, step).join('\n')}\n`

/** A run whose job died at step 20, ten seconds after its first step. */
function died(): WatchedRun {
  const run = new WatchedRun()
  run.seen = { writtenMs: 10_000 }
  return run.read('metrics.log', upTo(20)).read('train.log', DIED)
}

function endOf({ memory: { ending, incidents } }: WatchedRun): unknown {
  return [ending?.kind ?? null, incidents.open.map(({ alert }) => alert.severity)]
}

const CRASHED = ['crashed', ['critical']]
const GOES_ON = [null, []]

test('a job goes on at the next step where a process that began after the crash holds its log', () => {
  for (const [writerBeganMs, end] of [
    [15_000, GOES_ON],
    [5000, CRASHED],
  ] as const) {
    const run = died()
    run.seen = { writtenMs: 25_000, writerBeganMs }
    expect(endOf(run.read('metrics.log', upTo(24)))).toEqual(end)
  }
})

test('a job goes on at the next step where those that held its log are gone', () => {
  const run = died()
  run.memory = { ...run.memory, writer: { pid: 7, name: 'python3', place: 'here', isGone: true } }
  run.seen = { writtenMs: 25_000 }
  expect(endOf(run.read('metrics.log', upTo(24)))).toEqual(GOES_ON)
})

test('a job goes on at the next step where its log says that it resumes', () => {
  const run = died()
  run.seen = { writtenMs: 20_000 }
  run.read('train.log', `${DIED}resuming from checkpoint at 20\n`)
  expect(endOf(run.read('metrics.log', upTo(22)))).toEqual(CRASHED)
  run.seen = { writtenMs: 25_000 }
  expect(endOf(run.read('metrics.log', upTo(26)))).toEqual(GOES_ON)
})

test('so it does where its steps are read before its words, be they in the one file or another', () => {
  for (const [file, text] of [
    ['train.log', `${DIED}resuming from checkpoint at 20\n`],
    ['out.log', 'resuming from checkpoint at 20\n'],
  ] as const) {
    const run = died()
    run.seen = { writtenMs: 25_000 }
    expect(endOf(run.read('metrics.log', OUT))).toEqual(CRASHED)
    expect(endOf(run.read(file, text))).toEqual(GOES_ON)
    expect(run.alert('crashed')).toMatchObject({ state: 'resolved', severity: 'critical' })
    expect(endOf(run.read('train.log', `${DIED}resuming from checkpoint at 20\n${DIED}`))).toEqual(CRASHED)
  }
})

test('a job that resumed and died again alike has died, in whatever order its files are read', () => {
  const log = `${DIED}resuming from checkpoint at 20\n${DIED}`
  for (const files of [
    ['train.log', 'metrics.log'],
    ['metrics.log', 'train.log'],
  ]) {
    const run = died()
    run.memory = { ...run.memory, writer: { pid: 7, name: 'python3', place: 'here', isGone: true } }
    run.seen = { writtenMs: 25_000 }
    for (const file of files) run.read(file, file === 'train.log' ? log : OUT)
    expect(endOf(run)).toEqual(CRASHED)
  }
})

test('a job that began again and died alike has died, in whatever order its files are read', () => {
  for (const files of [
    ['train.log', 'metrics.log'],
    ['metrics.log', 'train.log'],
  ]) {
    const run = died()
    run.seen = { writtenMs: 25_000 }
    for (const file of files) run.empty(file).read(file, file === 'train.log' ? DIED : upTo(20))
    expect(endOf(run)).toEqual(CRASHED)
  }
})

test('a process that is seen to live through its exception has caught it, at whatever step it goes on', () => {
  const [below, again] = [`${upTo(20)}${DIED}`, `${upTo(20)}${DIED}${upTo(4)}`]
  for (const [log, isOfSameProcess, severity] of [
    [again, true, 'info'],
    [again, false, 'critical'],
    [`${below}next: fold 2\nlearning rate 0.03\n${upTo(4)}`, true, 'info'],
  ] as const) {
    const run = new WatchedRun()
    run.seen = { isHeld: () => isOfSameProcess, isOfSameProcess: () => isOfSameProcess }
    run.read('train.log', below).read('train.log', log)
    expect(endOf(run)).toEqual(GOES_ON)
    expect(run.alert('crashed')).toMatchObject({ state: 'resolved', severity })
  }
})

test('a bar that is drawn once more below an exception is no step of a process that lives on', () => {
  const run = new WatchedRun()
  run.seen = { isHeld: () => true, isOfSameProcess: () => true }
  run.read('train.log', `${upTo(20)}${DIED}`).read('train.log', `${upTo(20)}${DIED}${OUT.split('\n')[19]}\n`)
  expect(run.alert('crashed')).toMatchObject({ state: 'firing', severity: 'info' })
})

test('a process that says in a later read that it is done, and lives, has caught its exception', () => {
  const below = `${upTo(20)}${DIED}`
  for (const [reads, isOfSameProcess, end] of [
    [[below, `${below}Finished.\n`], true, GOES_ON],
    [[below, `${below}Finished.\n`], false, CRASHED],
    [[upTo(20), `${below}Finished.\n`], true, CRASHED],
    [[below, `${below}no luck with the plots\n`], true, CRASHED],
  ] as const) {
    const run = new WatchedRun()
    run.seen = { isHeld: () => isOfSameProcess, isOfSameProcess: () => isOfSameProcess }
    for (const log of reads) run.read('train.log', log)
    run.seen = {}
    expect(endOf(run.read('train.log', reads[1], true))).toEqual(end)
  }
})
