const ODD = 'curves, odd half'
const MOVING = ['reinforcement learning', 'GAN', 'diffusion']

/** What healthy runs may cost: a name, the figure, and its bound; `isMet` is null where there was nothing to count. */
export function goalsOf(runs) {
  const odd = runs.filter(({ source }) => source === ODD)
  const oddLanguage = odd.filter(({ kind }) => kind === 'language model')
  const made = runs.filter(({ source, kind }) => source === 'generated' && kind === 'language model')
  const moving = (wanted) => runs.filter(({ source, kind }) => source === wanted && MOVING.includes(kind))
  return [
    atMost('odd half of the curves: runs with a critical', odd, withAny(odd, 'critical'), 0),
    atMost('odd half of the curves: runs with a warning', odd, withAny(odd, 'warning'), 12),
    atMost('its language models: warnings per million points', oddLanguage, perMillion(oddLanguage), 1),
    atMost('generated short language models: warnings per million points', made, perMillion(made), 20),
    ...['generated', 'generated, the loss alone', 'trained', 'trained, the loss alone'].map((source) => {
      const some = moving(source)
      return atMost(
        `${source} RL, GAN and diffusion: share called failed`,
        some,
        withAny(some, 'critical') / some.length,
        0.01,
      )
    }),
  ]
}

function atMost(name, runs, figure, bound) {
  const isCounted = runs.length > 0
  return { name, figure: isCounted ? figure : null, bound, isMet: isCounted ? figure <= bound : null }
}

function withAny(runs, severity) {
  return runs.filter(({ alarms }) => alarms[severity].length > 0).length
}

function perMillion(runs) {
  const points = runs.reduce((sum, run) => sum + run.points, 0)
  return (1e6 * runs.reduce((sum, { alarms }) => sum + alarms.warning.length, 0)) / points
}
