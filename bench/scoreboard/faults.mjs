const times = (factor, last) => (loss, since) => (since <= last ? factor * loss : loss)

/**
 * What is done to a healthy curve from some point on.
 *
 * `change(loss, since, atOnset)` gives the loss `since` points after the onset;
 * an alarm counts from `from` until `within` points after it.
 */
export const FAULTS = [
  { name: 'one step ×1.5', within: 1, change: times(1.5, 0) },
  { name: 'one step ×2', within: 1, change: times(2, 0) },
  { name: 'one step ×4', within: 1, change: times(4, 0) },
  { name: 'decaying ×2 over 30', within: 30, change: (loss, since) => loss * (1 + Math.max(0, 1 - since / 30)) },
  { name: 'plateau ×1.25', within: 60, change: times(1.25, Number.POSITIVE_INFINITY) },
  { name: 'plateau ×1.5', within: 60, change: times(1.5, Number.POSITIVE_INFINITY) },
  { name: 'plateau ×2', within: 60, change: times(2, Number.POSITIVE_INFINITY) },
  { name: '+2 % a step', within: 60, change: (loss, since) => loss * 1.02 ** (since + 1) },
  { name: 'NaN once', within: 0, change: (loss, since) => (since === 0 ? Number.NaN : loss) },
  { name: 'NaN onward', within: 0, change: () => Number.NaN },
  { name: '×3 for 20', within: 20, change: times(3, 19) },
  {
    name: '×3 for 20 fifty later',
    from: 50,
    within: 70,
    change: (loss, since) => (since >= 50 && since < 70 ? 3 * loss : loss),
  },
  {
    name: 'NaN, ×3 for 20 fifty later',
    from: 50,
    within: 70,
    change: (loss, since) => (since === 0 ? Number.NaN : since >= 50 && since < 70 ? 3 * loss : loss),
  },
  { name: 'frozen', within: 60, change: (_loss, _since, atOnset) => atOnset },
  { name: 'exactly 0 onward', within: 60, change: () => 0 },
]
