const SEED = /random_seed__\d+__.*$/
/** Runs that ended; of the others other rules tell. */
const USABLE = new Set(['healthy', 'other', 'stuck_at_chance'])

/** The curves of one problem, one optimizer and one setting, where there are several seeds of it. */
export function seedGroups(curves) {
  const bySetting = new Map()
  for (const curve of curves) {
    if (!SEED.test(curve.name)) continue
    const setting = curve.name.replace(SEED, '')
    bySetting.set(setting, [...(bySetting.get(setting) ?? []), curve])
  }
  return [...bySetting.values()].filter((group) => group.length > 1)
}

/** Curves of another setting of the same problem beside one of these groups, by how much worse they end. */
export function otherSettings(curves, groups) {
  const pairs = groups.flatMap(([baseline]) =>
    curves
      .filter(({ name, problem, verdict }) => problem === baseline.problem && SEED.test(name) && USABLE.has(verdict))
      .filter(
        ({ name, points }) => name.replace(SEED, '') !== baseline.name.replace(SEED, '') && points === baseline.points,
      )
      .map((run) => ({ run, baselines: [baseline], ratio: endOf(run) / endOf(baseline) })),
  )
  const bounds = [0, 1, 1.05, 1.1, 1.25, 1.5, 2, Number.POSITIVE_INFINITY]
  return bounds.slice(1).map((to, i) => ({
    name:
      to === 1
        ? 'ends better'
        : to === Number.POSITIVE_INFINITY
          ? 'ends at more than ×2'
          : `ends at ×${bounds[i]} to ×${to}`,
    pairs: pairs.filter(({ ratio }) => ratio >= bounds[i] && ratio < to),
  }))
}

function endOf({ losses }) {
  const last = losses.slice(-Math.ceil(losses.length / 10)).sort()
  return last[last.length >> 1]
}
