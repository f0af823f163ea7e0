/** What is done to the losses of a run; with `isSmall`, one that is looked for beside several baselines, too. */
export const FAULTS = [
  { ...plateau('plateau ×1.1 from the middle on', 1.1), isSmall: true },

  { ...plateau('plateau ×1.25 from the middle on', 1.25), isSmall: true },
  plateau('plateau ×1.5 from the middle on', 1.5),
  plateau('plateau ×2 from the middle on', 2),
  slow('learns at half the pace', 2),
  slow('learns at a quarter of the pace', 4),
  slow('learns at a tenth of the pace', 10),
  { name: 'learns nothing', change: (losses) => losses.map((_, i) => losses[i % Math.ceil(losses.length / 200)]) },
]

function plateau(name, factor) {
  return { name, change: (losses) => losses.map((loss, i) => (i >= losses.length / 2 ? factor * loss : loss)) }
}

/** At each step the loss that the run had at a share of it. */
function slow(name, factor) {
  return { name, change: (losses) => losses.map((_, i) => losses[Math.floor(i / factor)]) }
}
