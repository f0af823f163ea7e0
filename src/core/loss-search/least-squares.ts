/** The x for which row · x comes nearest to the target of each row, and the remaining error relative to the targets. Null where no x is the only one. */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): { readonly solution: readonly number[]; readonly residual: number } | null {
  const size = rows[0]!.length
  const normal = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, r) => sum + row[i]! * targets[r]!, 0),
  ])
  const solution = eliminated(normal)
  if (solution === null) return null
  const square = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0)
  const misses = rows.map((row, r) => row.reduce((sum, value, i) => sum + value * solution[i]!, 0) - targets[r]!)
  return { solution, residual: Math.sqrt(square(misses) / square(targets)) }
}

/** Gaussian elimination with the largest pivot; null where the rows do not determine the solution. */
function eliminated(matrix: number[][]): number[] | null {
  const size = matrix.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(matrix[i]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = i
    }
    const scale = Math.max(...matrix[pivot]!.map(Math.abs))
    if (!(Math.abs(matrix[pivot]![column]!) > 1e-12 * scale)) return null
    ;[matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!]
    for (let i = 0; i < size; i++) {
      if (i === column) continue
      const times = matrix[i]![column]! / matrix[column]![column]!
      for (let j = column; j <= size; j++) matrix[i]![j]! -= times * matrix[column]![j]!
    }
  }
  return matrix.map((row, i) => row[size]! / row[i]!)
}
