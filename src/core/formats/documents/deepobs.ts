import { isObject } from '../../literals/record-value.ts'
import { listOf } from './cells.ts'
import { columnTrack, isNumberList } from './column-series.ts'
import type { DocumentShape } from './shape.ts'
import type { Track } from './track.ts'

const MINIBATCHES = 'minibatch_train_losses'
/** The lists that have one value per epoch, that before training included. */
const EPOCH_LISTS = /^(?:train|valid|test)_(?:losses|accuracies)$/

/** The output of a DeepOBS run: a loss for each mini-batch, and losses and accuracies for each epoch. */
export const deepobs: DocumentShape = {
  name: 'deepobs',
  about: 'The results of DeepOBS: one list per metric; the position is the mini-batch or the epoch.',
  example: '{"train_losses": [2.3, NaN], "test_losses": [2.3, NaN], "minibatch_train_losses": [2.3, 2.2, NaN]}',

  read(document) {
    if (!isObject(document) || listOf(document[MINIBATCHES]) === null) return null
    const tracks: Track[] = []
    for (const name in document) {
      const values = listOf(document[name])
      if (values === null || !isNumberList(values)) continue
      const stepAt = (index: number) => index
      if (name === MINIBATCHES) tracks.push(columnTrack({ path: '', name, axis: 'mini-batches', values, stepAt }))
      else if (EPOCH_LISTS.test(name)) {
        tracks.push(columnTrack({ path: '', name, axis: 'epochs', values, stepAt, epochAt: stepAt }))
      }
    }
    return tracks
  },
}
