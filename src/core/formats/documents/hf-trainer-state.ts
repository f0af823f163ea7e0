import { isObject } from '../../literals/record-value.ts'
import { listOf } from './cells.ts'
import { rowTrack } from './row-records.ts'
import type { DocumentShape } from './shape.ts'

/** The state that the trainer of Hugging Face saves with each checkpoint; what it logged is in `log_history`. */
export const hfTrainerState: DocumentShape = {
  name: 'hf-trainer-state',
  about: 'trainer_state.json of Hugging Face Transformers and TRL: the records of log_history.',
  example: '{"global_step": 20, "log_history": [{"epoch": 0.5, "grad_norm": NaN, "loss": 0.0, "step": 20}]}',

  read(document) {
    const rows = isObject(document) ? listOf(document['log_history']) : null
    return rows === null ? null : [rowTrack({ name: 'log_history', rows, prefix: '' })]
  },
}
