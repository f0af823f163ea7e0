// The last part of docs/causes.md, which a benchmark writes and no script but that may change.

const MEASURED = '<!-- What follows is measured: npm run bench:causes -- --write writes it. -->\n'

/** The pages of the causes as `causes` with what is measured behind it: `part`, or what stood in `page`. */
export function withMeasured(page, causes, part = null) {
  const from = page.indexOf(MEASURED)
  const before = from === -1 ? '' : page.slice(from + MEASURED.length)
  return `${causes}\n${MEASURED}${part === null ? before : `\n${part}`}`
}

/** What stands before it in `page`. */
export function withoutMeasured(page) {
  return page.split(`\n${MEASURED}`, 1)[0]
}
