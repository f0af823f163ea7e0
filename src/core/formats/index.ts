import type { JsonValue } from '../../protocol/value.ts'
import type { Format } from '../records/format.ts'
import { blocks } from './blocks.ts'
import { catboost } from './catboost.ts'
import { columns } from './columns.ts'
import { csv } from './csv.ts'
import { darknet } from './darknet.ts'
import { countingEpochs } from './epochs.ts'
import { headedBars } from './headed-bars.ts'
import { histories } from './histories.ts'
import { jsonLines } from './json-lines.ts'
import { keras } from './keras.ts'
import { keyValue } from './key-value.ts'
import { listedRows } from './listed-rows.ts'
import { listedTable } from './listed-table.ts'
import { mlflow } from './mlflow.ts'
import { nestedRows } from './nested-rows.ts'
import { predictionTable } from './prediction-table.ts'
import { pythonDict } from './python-dict.ts'
import { ruledTable } from './ruled-table.ts'
import { stepLists } from './step-lists.ts'
import { vowpalWabbit } from './vowpal-wabbit.ts'
import { yolact } from './yolact.ts'

/** Every log dialect, the most specific first: of two that claim a file alike, the first reads it. */
export const FORMATS: readonly Format[] = [
  read(jsonLines),
  read(pythonDict),
  read(mlflow),
  read(vowpalWabbit),
  read(ruledTable),
  read(listedTable),
  read(keras),
  read(predictionTable),
  read(catboost),
  read(darknet),
  read(yolact),
  read(headedBars),
  read(listedRows),
  read(stepLists),
  read(csv),
  read(blocks),
  read(nestedRows),
  read(keyValue),
  read(columns),
  read(histories),
]

function read<State extends JsonValue>(format: Format<State>): Format {
  return countingEpochs(format) as unknown as Format
}
