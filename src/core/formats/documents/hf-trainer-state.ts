import { isObject, type RecordValue } from '../../literals/record-value.ts'
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

  // Only the state that is saved last of all has a `train_runtime`, and not that in the folder of a checkpoint.
  isOver(document) {
    if (!isObject(document)) return false
    const [step, steps] = [positive(document['global_step']), positive(document['max_steps'])]
    if (step !== null && steps !== null) return step >= steps
    const [epoch, epochs] = [positive(document['epoch']), positive(document['num_train_epochs'])]
    return epoch !== null && epochs !== null && epoch >= epochs
  },
}

/** A number above 0: where there is no bound the trainer writes 0 or -1. */
function positive(value: RecordValue | undefined): number | null {
  return typeof value === 'number' && value > 0 ? value : null
}
