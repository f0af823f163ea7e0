import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { jsonLines } from './json-lines.ts'
import { keyValue } from './key-value.ts'
import { predictionTable } from './prediction-table.ts'
import { pythonDict } from './python-dict.ts'

/** Every log dialect, the most specific first: of two that claim a file alike, the first reads it. */
export const FORMATS: readonly Format[] = [jsonLines, pythonDict, predictionTable, csv, keyValue]
