// Reads generated jobs of the field as `nanwatch check` does, and tries the fix that it advises on the job.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesOf as filesBelow, readRuns } from '../../build/cli/replay/read-runs.js'
import { BUILT_IN } from '../../build/core/formats/format-set.js'
import { FAULTS, HEALTHY } from './faults.mjs'
import { filesOf } from './field-files.mjs'
import { fieldJob, isMeant } from './field-jobs.mjs'
import { fixed } from './fixes.mjs'
import { random } from './model.mjs'
import { train } from './training.mjs'

const RULES = { epsilon: 1e-10, detectors: {}, formats: BUILT_IN }
const ignore = () => undefined
const SILENT = { stdout: ignore, stderr: ignore }
const SURE = ['proven', 'strong', 'likely']
const TO_BE_TRIED = ['proven', 'strong']
const FAULTS_OF_A_SEED = 100
/** Of the steps of a job so many must report what is meant, once a fix is applied: labels that it leaves out may change some. */
const MOST_STEPS = 0.9

/** Judges `ofEach` jobs of each fault, and as many of each healthy kind times `healthyTimes`. */
export async function judgedFieldJobs({ seed, ofEach, healthyTimes = 4, keepIn = null }) {
  const folder = keepIn ?? mkdtempSync(join(tmpdir(), 'causes-'))
  const judged = []
  try {
    for (const [at, fault] of [...FAULTS, ...HEALTHY].entries()) {
      const count = fault.number === 0 ? ofEach * healthyTimes : ofEach
      for (let i = 0; i < count; i++) {
        const jobSeed = (seed * FAULTS_OF_A_SEED + at) * 1000 + i
        const job = fieldJob(fault, jobSeed)
        if (job !== null) judged.push(await judge(job, join(folder, `${fault.number}-${fault.shows}-${at}-${i}`)))
      }
    }
  } finally {
    if (keepIn === null) rmSync(folder, { recursive: true })
  }
  return judged
}

async function judge(job, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of filesOf(job, random(job.seed))) writeFileSync(join(folder, name), content)
  const { alerts } = await readRuns(await filesBelow([folder], SILENT, ignore), RULES, SILENT, ignore)
  const told = alerts.map(({ rule, severity, cause, step }) => ({
    rule,
    severity,
    step,
    number: numberOf(cause?.code),
    candidates: (cause?.candidates ?? []).map(numberOf),
    confidence: cause?.confidence ?? null,
  }))
  const named = told.filter(({ number }) => number !== null)
  const sure = named.filter(({ confidence }) => SURE.includes(confidence))
  const isTrue = [...job.isTrue, ...(isDumpedLate(job) ? [9] : [])]
  const wrong = sure.filter(({ number }) => !job.right.includes(number) && !isTrue.includes(number))
  const tried = [
    ...new Set(sure.filter(({ confidence }) => TO_BE_TRIED.includes(confidence)).map(({ number }) => number)),
  ]
  return {
    number: job.fault.number,
    shows: job.fault.shows,
    conditions: job.conditions.names,
    folder,
    canBeKnown: job.canBeKnown,
    told,
    isRight: wrong.length === 0 && sure.some(({ number }) => job.right.includes(number)),
    isWeak: told.some((one) => [one.number, ...one.candidates].some((number) => job.right.includes(number))),
    wrong,
    isWarned: told.some(({ severity }) => severity !== 'info'),
    cures: tried
      .filter((number) => job.fault.number !== 0 && !isTrue.includes(number))
      .map((number) => ({ number, isCured: isCured(job, number) })),
  }
}

/** Whether the first batch that is dumped of a failed loss comes after the failure: the weights are NaN by then. */
function isDumpedLate({ steps, conditions: { set } }) {
  const first = steps.findIndex(({ loss }) => !Number.isFinite(loss))
  return first !== -1 && (set.isHeldOut || (set.every > 1 && !set.dumpsFailures && first % set.every !== 0))
}

/** Whether the loss stays finite, and is what is meant, once the advice of a cause is followed. Null where it has no fix to try. */
function isCured(job, number) {
  const after = fixed(job, number)
  if (after === null) return null
  const steps = train(after)
  const isFinite = steps.every(({ loss }) => Number.isFinite(loss))
  const isSame = (all) => all.filter(isMeant).length >= MOST_STEPS * all.length
  switch (job.fault.shows) {
    case 'differs':
      return isFinite && isSame(steps)
    case 'held':
      return isFinite && isSame(steps.map(({ held }) => held).filter((held) => held !== null))
    case 'perplexity':
      return after.reportsPerplexity !== true
    default:
      return isFinite
  }
}

function numberOf(code) {
  return code?.startsWith('R') ? Number(code.slice(1).split('-')[0]) : null
}
