import { catboostTraining } from './catboost-training.ts'
import { deepobs } from './deepobs.ts'
import { hfTrainerState } from './hf-trainer-state.ts'
import { jsonSeries } from './json-series.ts'
import { megatronGolden } from './megatron-golden.ts'
import { sacred } from './sacred.ts'
import type { DocumentShape } from './shape.ts'
import { tensorboardExport } from './tensorboard-export.ts'

/** Every kind of JSON document with series, the most specific first: the first that knows a document reads it. */
export const DOCUMENT_SHAPES: readonly DocumentShape[] = [
  hfTrainerState,
  deepobs,
  megatronGolden,
  sacred,
  catboostTraining,
  tensorboardExport,
  jsonSeries,
]
