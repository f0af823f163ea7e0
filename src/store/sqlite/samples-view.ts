/** All bytes in order: where one stands among them is its number. */
const EVERY_BYTE = `x'${Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('hex')}'`

/**
 * The samples of all chunks, one by one, in SQL that any program with SQLite can run: `nanwatch sql` has a faster way.
 * What a chunk is packed into says `chunks/packed-chunk.ts`.
 */
export const PLAIN_SAMPLES_VIEW = `
  CREATE VIEW samples AS
  WITH RECURSIVE indexes (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM indexes WHERE i < 255),
    every (byte) AS (SELECT ${EVERY_BYTE})
  SELECT single.series_id, single.ordinal, single.attempt, single.step,
    CASE WHEN odd.kind IS NULL THEN single.value END AS value,
    coalesce(odd.kind, 0) AS kind, odd.raw, single.offset, single.time_ms, single.epoch
  FROM (
    SELECT series_id, attempt,
      ${wholeNumber('ordinal')} AS ordinal,
      ${wholeNumber('step')} AS step,
      ${float('value_floats')} AS value,
      ${wholeNumber('offset')} AS offset,
      ${wholeNumber('time')} AS time_ms,
      CASE WHEN epoch_base IS NULL THEN ${float('epoch_rest')} ELSE ${wholeNumber('epoch')} END
        / CAST(epoch_scale AS REAL) AS epoch
    FROM chunks JOIN every JOIN indexes ON i < length(value_floats) / 8
  ) AS single LEFT JOIN non_finite_samples AS odd ON odd.series_id = single.series_id AND odd.ordinal = single.ordinal
  UNION ALL
  ${droppedSamples('odd.time_ms', 'odd.epoch')}`

/** Those samples of chunks whose finite ones were dropped that are left: they are not finite. */
export function droppedSamples(...timeAndEpoch: readonly string[]): string {
  return `SELECT odd.series_id, odd.ordinal, odd.attempt, odd.step, NULL, odd.kind, odd.raw, odd.offset,
    ${timeAndEpoch.join(', ')}
  FROM chunks JOIN non_finite_samples AS odd ON odd.series_id = chunks.series_id
    AND odd.ordinal BETWEEN first_ordinal AND last_ordinal AND odd.attempt = chunks.attempt
  WHERE value_floats IS NULL`
}

/** Number `i` of a column of whole numbers. */
function wholeNumber(name: string): string {
  const [base, stride, rest] = [`${name}_base`, `${name}_stride`, `${name}_rest`]
  const own = [1, 2, 4].map((width) => `WHEN ${width} THEN ${unsigned(rest, width)}`).join(' ')
  return `CASE WHEN ${base} IS NULL THEN CAST(${float(rest)} AS INTEGER)
    ELSE ${base} + i * ${stride} + CASE length(${rest}) * 8 / length(value_floats) ${own} ELSE 0 END END`
}

/** Number `i` of those that take so many bytes each, little-endian. */
function unsigned(blob: string, width: number): string {
  return Array.from({ length: width }, (_, k) => `${byteAt(blob, `${width} * i + ${k + 1}`)} * ${256 ** k}`).join(' + ')
}

/** Number `i` of a blob of float64s, little-endian; null for one that is not finite. */
function float(blob: string): string {
  const bytes = Array.from({ length: 8 }, (_, k) => `${byteAt(blob, `8 * i + ${k + 1}`)} AS b${k}`).join(', ')
  const fraction = Array.from({ length: 6 }, (_, k) => `b${k} * ${256 ** k}`).join(' + ')
  return `(SELECT (1 - 2 * sign) * ((fraction + CASE exponent WHEN 0 THEN 0 ELSE ${2 ** 52} END)
      * (SELECT value FROM powers_of_two WHERE powers_of_two.exponent = bits.exponent))
    FROM (SELECT ${fraction} + (b6 & 15) * ${256 ** 6} AS fraction, (b7 & 127) * 16 + (b6 >> 4) AS exponent, b7 >> 7 AS sign
      FROM (SELECT ${bytes})) AS bits)`
}

/** The byte at a place, which counts from 1. */
function byteAt(blob: string, place: string): string {
  return `(instr(every.byte, substr(${blob}, ${place}, 1)) - 1)`
}
