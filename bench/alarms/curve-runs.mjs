import { readFileSync } from 'node:fs'
import { loadCurves } from '../scoreboard/curves.mjs'
import { alarmsIn } from './count.mjs'
import { familyRuns } from './families.mjs'

const HALVES = ['even', 'odd']
/** What a job of such a kind logs beside its loss. */
const BESIDE = { 'reinforcement learning': ['return'], GAN: ['g_loss', 'd_loss'] }

/** The healthy curves of some halves, `even` and `odd`. */
export function curveRuns(folder, halves = HALVES) {
  return halves.flatMap((half) =>
    loadCurves(folder, HALVES.indexOf(half))
      .filter(({ verdict }) => verdict === 'healthy')
      .map((curve) => ({
        source: `curves, ${half} half`,
        kind: curve.isLanguage ? 'language model' : 'supervised',
        name: curve.name,
        ...counted({ losses: curve.losses }),
      })),
  )
}

/** The generated runs: as they are logged, and the losses alone of those of which more is logged. */
export function generatedRuns(runsOfEach) {
  return familyRuns(runsOfEach).flatMap((run) =>
    told('generated', run.kind, `${run.name}, seed ${run.seed}`, run.losses),
  )
}

/** The runs of `train.py` that learned. */
export function trainedRuns(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(hasLearned)
    .flatMap(({ kind, job, setting, seed, name, losses }) =>
      told('trained', kind, `${job} ${setting} seed ${seed}: ${name}`, losses),
    )
}

function told(source, kind, name, losses) {
  const beside = BESIDE[kind]
  if (beside === undefined) return [{ source, kind, name, ...counted({ losses }) }]
  return [
    { source, kind, name, ...counted({ losses, beside }) },
    { source: `${source}, the loss alone`, kind, name, ...counted({ losses }) },
  ]
}

/** Whether the return has not fallen, or the distance to the data or the error has. */
function hasLearned({ kind, reached: [before, after] }) {
  return kind === 'reinforcement learning' ? after >= before : after < before
}

function counted(run) {
  return { points: run.losses.length, alarms: alarmsIn(run) }
}
