import { isObject, type RecordObject, type RecordValue } from '../../literals/record-value.ts'
import { isLossRole } from '../../records/fields.ts'
import type { Scalar } from '../../records/format.ts'
import { cellOf, listOf, scalarAt } from './cells.ts'
import { rowTrack } from './row-records.ts'
import type { DocumentShape } from './shape.ts'

/** What a list of values in an iteration measures. */
interface Measure {
  readonly name: string
  /** Whether training makes it smaller. */
  readonly isMinimised: boolean
}

/** The iterations that CatBoost writes, with the names of their metrics apart from them. */
export const catboostTraining: DocumentShape = {
  name: 'catboost-training',
  about: 'catboost_training.json: iterations with a list of values per set, named in meta.',
  example:
    '{"meta": {"learn_sets": ["learn"], "learn_metrics": [{"best_value": "Min", "name": "Logloss"}]}, ' +
    '"iterations": [{"learn": [0.66], "iteration": 0}]}',

  read(document) {
    if (!isObject(document)) return null
    const { meta } = document
    const rows = listOf(document['iterations'])
    if (rows === null || !isObject(meta)) return null
    const learn = measuresOf(meta['learn_metrics'])
    const test = measuresOf(meta['test_metrics'])
    const learnSets = new Set(listOf(meta['learn_sets']) ?? ['learn'])
    const extras = (row: RecordObject) => {
      const scalars: Scalar[] = []
      for (const set in row) {
        const isLearn = learnSets.has(set)
        for (const [index, value] of (listOf(row[set]) ?? []).entries()) {
          const cell = cellOf(value)
          const measure = (isLearn ? learn : test)[index] ?? { name: String(index), isMinimised: false }
          if (cell !== null) scalars.push(measured(measure, isLearn, scalarAt(set, measure.name, cell)))
        }
      }
      return scalars
    }
    return [rowTrack({ name: 'iterations', rows, prefix: '', extras })]
  },
}

function measuresOf(list: RecordValue | undefined): readonly Measure[] {
  return (listOf(list) ?? []).map((each) => {
    const name = isObject(each) ? each['name'] : null
    return { name: String(name), isMinimised: isObject(each) && each['best_value'] === 'Min' }
  })
}

/** Errors that are made smaller are losses here, under whatever name: `RMSE`, `MultiClass`, `YetiRank`. */
function measured({ isMinimised }: Measure, isLearn: boolean, scalar: Scalar): Scalar {
  if (!isMinimised || isLossRole(scalar.role)) return scalar
  return { ...scalar, role: isLearn ? 'train_loss' : 'val_loss' }
}
