/** A field of a line of JSON, or of pairs, that names the process that wrote it: `"rank": 3`, `rank=3`. */
const FIELD =
  /(?:"(?:(?:global_|local_)?rank|process_index|worker(?:_id)?)": ?"?(\d{1,4})"?|(?:^| )(?:(?:global_|local_)?rank|process_index)=(\d{1,4}))(?=[\s,}]|$)/
const STEP = /"(?:step|global_step|iter|iteration|epoch)": ?(\d{1,12})\b/

/** The newest record with such a field, or that its number is known to be that of a process. Plain JSON. */
export type RankField = { readonly rank: number; readonly step: string } | 'known'

/** The number in such a field; null where the line has none. */
export function rankInField(text: string): number | null {
  if (!text.includes('rank') && !text.includes('process_index') && !text.includes('"worker')) return null
  const [, json, pair] = FIELD.exec(text) ?? []
  const digits = json ?? pair
  return digits === undefined ? null : Number(digits)
}

/**
 * What is known of such a field after a line with this number in it. It is that of a process where two lines of JSON with a
 * loss have the same step and different numbers: the rank of a matrix, say, is one at a step.
 */
export function afterField(before: RankField | undefined, rank: number, text: string): RankField | undefined {
  if (before === 'known') return before
  const step = STEP.exec(text)?.[1]
  if (step === undefined || !text.includes('loss')) return before
  return before?.step === step && before.rank !== rank ? 'known' : { rank, step }
}
