import { SKIP } from '../../records/format.ts'
import { hasColumns, SQLITE_NAMES, type TrackerDatabase } from './tracker-database.ts'

/** The database beside Aim's store: it names the runs, and their metrics are elsewhere. */
export const aim: TrackerDatabase = {
  name: 'aim',
  about: "Aim's store: its metrics are in RocksDB, which is not read.",
  example: '.aim/run_metadata.sqlite',
  names: SQLITE_NAMES,
  refusal:
    "Aim keeps metrics in RocksDB, which only its own library reads; export them with `aim.Repo('.').query_metrics()` " +
    'to a CSV file with the columns step and loss, or log to CSV or JSON lines beside it',
  table: '',
  recognises: (tables) => hasColumns(tables, 'run', ['hash', 'experiment_id']) && tables.has('run_tag'),
  runsSql: '',
  rowsSql: '',
  joins: () => false,
  parse: () => SKIP,
}
