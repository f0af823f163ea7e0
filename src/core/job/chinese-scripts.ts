/** Characters of words about the end of a training that the traditional script writes otherwise. */
const TRADITIONAL: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...'训訓练練结結终終测測试試准準确確权權储儲损損总總时時轮輪务務实實验驗这這个個数數达達过過预預节節调調网網络絡执執运運导導径徑发發满滿进進习習优優继繼续續输輸毕畢间間关關环環错錯误誤异異败敗溃潰断斷设設该該当當单單开開',
  ].flatMap((character, i, all) => (i % 2 === 0 ? [[character, all[i + 1] ?? character]] : [])),
)

/** A pattern, written in simplified characters, that is found in both scripts. It may have none of them in a class. */
export function inBothScripts(pattern: RegExp): RegExp {
  const source = [...pattern.source].map((character) => {
    const traditional = TRADITIONAL[character]
    return traditional === undefined ? character : `[${character}${traditional}]`
  })
  return new RegExp(source.join(''), pattern.flags)
}
