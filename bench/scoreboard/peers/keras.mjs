/** Keras, `TerminateOnNaN`. */
export const keras = {
  name: 'Keras TerminateOnNaN',
  start: () => (value) => !Number.isFinite(value),
}
