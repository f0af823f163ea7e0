/** What the loss of a row that lies beyond a usual clip is, however wrong the row is. */
export interface ClipConstant {
  readonly nats: number
  readonly origin: string
}

/** What BCELoss of PyTorch lets a row cost at most. */
export const FLOOR_NATS = 100

/** The usual ones first: of two that fit as well the first is told. */
export const CLIP_CONSTANTS: readonly ClipConstant[] = [
  { nats: -Math.log(1e-7), origin: '−ln 1e-7: the clip of Keras' },
  { nats: 126 * Math.LN2, origin: '−ln of the smallest float32: the clip of Caffe' },
  { nats: 52 * Math.LN2, origin: '−ln of the ε of float64: the clip of scikit-learn' },
  { nats: -Math.log(1e-15), origin: '−ln 1e-15: the clip of older scikit-learn' },
  { nats: -Math.log(1e-12), origin: '−ln 1e-12: a usual clip' },
  { nats: -Math.log(1e-10), origin: '−ln 1e-10: a usual clip' },
  { nats: -Math.log(1e-9), origin: '−ln 1e-9: a usual clip' },
  { nats: -Math.log(1e-8), origin: '−ln 1e-8: a usual clip' },
  { nats: 23 * Math.LN2, origin: '−ln of the ε of float32: the upper end of the clip of Keras' },
  { nats: -Math.log(2e-7), origin: '−ln (1e-7 + 1e-7): the binary cross-entropy of Keras' },
  { nats: -Math.log(2 ** -23 + 1e-7), origin: '−ln (ε of float32 + 1e-7): the binary cross-entropy of Keras' },
  { nats: 22 * Math.LN2, origin: '−ln of twice the ε of float32: the binary cross-entropy of Keras on a GPU' },
  { nats: FLOOR_NATS, origin: 'the most that BCELoss of PyTorch lets a row cost' },
]
