import { Window } from './window.mjs'

/** W&B Automations, `MetricZScoreFilter` with its defaults: |z| > 3 over the 30 values before. */
export const wandb = {
  name: 'W&B |z| > 3, 30',
  start() {
    const window = new Window(30)
    return (value) => {
      const isOutlier = window.isFull && Math.abs(value - window.mean) > 3 * window.deviation
      window.push(value)
      return isOutlier
    }
  },
}
