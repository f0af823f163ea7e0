import type Database from 'better-sqlite3'
import { type AlertOfSchema3, partsOf } from './alert-parts.ts'
import { rewriteColumn } from './rewrite-column.ts'

/**
 * Stores the text of each alert in parts, wherever it is kept: `headline`, `firstSign` and `why` in place of `message`.
 *
 * Series that were named by a file and a metric with a NUL between them get two fields, because the JSON of other
 * databases allows no NUL.
 */
export function storeAlertsInParts(db: Database.Database): void {
  rewriteColumn(db, 'alerts', 'body', (alert: AlertOfSchema3) => inParts(alert))
  rewriteColumn(db, 'entries', 'body', (entry: { type: string; alert: AlertOfSchema3 }) =>
    entry.type === 'alert' ? { ...entry, alert: inParts(entry.alert) } : entry,
  )
  rewriteColumn(db, 'outbox', 'body', (transition: { alert: AlertOfSchema3 }) => ({
    ...transition,
    alert: inParts(transition.alert),
  }))
  rewriteColumn(db, 'runs', 'memory', memoryInParts)
}

/** Renames two keys of a file's state: the values that its log hides, and the rules of the user. */
export const RENAME_IN_FILE_STATES = ['files', 'past_files']
  .map(
    (table) => `
  UPDATE ${table} SET state = json_remove(
    json_set(
      state, '$.hidden', json_extract(state, '$.masks'), '$.userRules', json_extract(state, '$.own')
    ), '$.masks', '$.own'
  ) WHERE json_type(state, '$.masks') = 'object';`,
  )
  .join('\n')

interface IncidentOfSchema3 {
  readonly alert: AlertOfSchema3
  readonly seenBy: readonly string[]
}

interface MemoryOfSchema3 {
  readonly incidents?: { readonly open: readonly IncidentOfSchema3[]; readonly closed: readonly IncidentOfSchema3[] }
  readonly pairs?: { readonly watches: Readonly<Record<string, unknown>> }
}

function memoryInParts(memory: MemoryOfSchema3): object {
  const { incidents, pairs } = memory
  if (incidents === undefined) return memory
  const ofIncident = (incident: IncidentOfSchema3) => ({
    ...incident,
    alert: inParts(incident.alert),
    seenBy: incident.seenBy.map((key) => {
      const [file = '', metric = ''] = key.split('\u0000')
      return { file, metric }
    }),
  })
  return {
    ...memory,
    incidents: { open: incidents.open.map(ofIncident), closed: incidents.closed.map(ofIncident) },
    ...(pairs === undefined ? {} : { pairs: { ...pairs, watches: watchesOf(pairs.watches) } }),
  }
}

function watchesOf(watches: Readonly<Record<string, unknown>>): object[] {
  return Object.entries(watches).map(([key, states]) => {
    const [file = '', metric = '', dump = ''] = key.split('\u0000')
    return { file, metric, dump, states }
  })
}

/** The alert with its parts where its message was. */
function inParts(alert: AlertOfSchema3): object {
  if (alert.message === undefined) return alert
  const parts = partsOf(alert)
  return Object.fromEntries(
    Object.entries(alert).flatMap(([key, value]) => (key === 'message' ? Object.entries(parts) : [[key, value]])),
  )
}
