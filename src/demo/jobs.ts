/** One of the jobs that `nanwatch demo` starts: `train.js --out DIR`, then these arguments. */
export interface DemoJob {
  readonly name: string
  readonly arguments: readonly string[]
}

// The seed is one where the overshoot outgrows float32 within three steps: little warning, as most real NaNs give.
const SHARED = ['--learning-rate', '0.5', '--seed', '93', '--batch', '120', '--steps', '1500', '--step-ms', '40']

/**
 * The same model on the same flowers from the same start, with two slips in one of them.
 *
 * In `iris-naive` the decay of the learning rate was typed 1.05 for 0.95, so it
 * grows until the model overshoots, and the loss is −log(softmax), which makes
 * Infinity of that overshoot at step 105 and NaN of everything after. The
 * stable loss passes the same step with a large number and goes on.
 */
export const DEMO_JOBS = {
  naive: { name: 'iris-naive', arguments: ['--loss', 'naive', '--decay', '1.05', ...SHARED] },
  stable: { name: 'iris-stable', arguments: ['--loss', 'stable', '--decay', '0.999', ...SHARED] },
} as const satisfies Record<string, DemoJob>
