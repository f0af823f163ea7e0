import type Database from 'better-sqlite3'
import type { JsonValue } from '../../protocol/value.ts'
import { rewriteColumn } from './rewrite-column.ts'

type Json = { readonly [key: string]: JsonValue }

/** The old and the new names of the parts of a run's memory. */
const OF_MEMORY = { suspects: 'suspectBatches', bystander: 'healthyBatch', theory: 'likelihoods' }

/** Renames the parts of what is remembered of runs and files after what they hold. No value changes. */
export function nameStateByWhatItHolds(db: Database.Database): void {
  rewriteColumn(db, 'runs', 'memory', memoryWithNames)
  for (const table of ['files', 'past_files']) rewriteColumn(db, table, 'state', fileWithNames)
}

function memoryWithNames(memory: JsonValue): JsonValue {
  return change(renamed(memory, OF_MEMORY), {
    suspectBatches: (batches) => each(batches, batchWithNames),
    healthyBatch: batchWithNames,
    pairs: (pairs) =>
      change(pairs, {
        dumps: (dumps) => each(dumps, (dump) => change(dump, { firsts: (firsts) => each(firsts, firstsWithNames) })),
        watches: (watches) => each(watches, (watch) => change(watch, { states: ruleStatesWithNames })),
      }),
  })
}

function firstsWithNames(firsts: JsonValue): JsonValue {
  return change(firsts, { of: (batches) => each(batches, (batch) => change(batch, { evidence: batchWithNames })) })
}

function batchWithNames(batch: JsonValue): JsonValue {
  return change(renamed(batch, { account: 'lossSearch' }), {
    lossSearch: (search) => renamed(search, { ways: 'candidates' }),
  })
}

function fileWithNames(state: JsonValue): JsonValue {
  return change(state, {
    batchDetectors: ruleStatesWithNames,
    reader: (reader) =>
      isObject(reader) && reader['format'] === 'keras' ? change(reader, { inner: kerasWithNames }) : reader,
  })
}

function ruleStatesWithNames(states: JsonValue): JsonValue {
  return change(states, {
    mismatch: (saved) => change(saved, { state: (state) => renamed(state, { way: 'candidate' }) }),
  })
}

/** The state of the Keras format with new names. It lies within the states of the readers that wrap the format. */
function kerasWithNames(inner: JsonValue): JsonValue {
  return isObject(inner) && 'inner' in inner
    ? change(inner, { inner: kerasWithNames })
    : renamed(inner, { told: 'reported' })
}

/** The value with some members changed. A value that is no object, or lacks them, stays as it is. */
function change(value: JsonValue, changes: Readonly<Record<string, (member: JsonValue) => JsonValue>>): JsonValue {
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, member]) => [key, changes[key]?.(member) ?? member])
  return Object.fromEntries(members)
}

function renamed(value: JsonValue, names: Readonly<Record<string, string>>): JsonValue {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [names[key] ?? key, member]))
}

function each(value: JsonValue, changed: (item: JsonValue) => JsonValue): JsonValue {
  return Array.isArray(value) ? value.map(changed) : value
}

function isObject(value: JsonValue | undefined): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
