/** A word may hold `-`, `/`, `.`, `@` and `'` between its letters: `train/CE`, `Acc@1`, `valid_0's`. */
export function wordEnd(text: string, start: number): number {
  let end = start
  for (;;) {
    end = endOfRun(WORD_CHARACTERS, text, end)
    const char = text.charAt(end)
    const next = text.charAt(end + 1)
    if (isWordStart(char)) end++
    else if (char === '' || next === '') return end
    else if ("-/.@'%&+".includes(char) && isWordStart(next)) end += 2
    else if (char === '@' && isDigit(next)) end += 2
    else return end
  }
}

const WORD_CHARACTERS = /\w*/y

/** Where a run of such characters ends that begins at `start`, which is no further than the end of the text. */
export function endOfRun(characters: RegExp, text: string, start: number): number {
  characters.lastIndex = start
  characters.test(text)
  return characters.lastIndex
}

/** Whether a character is a blank or a tab. */
export function isSpace(char: string): boolean {
  return char === ' ' || char === '\t'
}

/** A letter beyond ASCII, as in `Étape` and `损失`. */
const LETTER = /^\p{L}$/u

/** Whether a character is a digit of ASCII. */
export function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}

/** Whether a word may begin with a character: with a letter of any script, or `_`. */
export function isWordStart(char: string): boolean {
  return (
    (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_' || (char > 'À' && LETTER.test(char))
  )
}
