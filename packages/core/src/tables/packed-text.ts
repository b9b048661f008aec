/*
 * A text in words: one word with the number of its UTF-16 code units, shifted by one, and a bit that says whether each of
 * them takes two bytes or one; then the code units, lowest byte first. Every string comes back exactly, lone surrogates too.
 */

/** Whether each code unit of a text fits a byte. */
function isNarrow(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false
  return true
}

/** How many words the text takes whose first word is this one. */
export function textWordsOf(first: number): number {
  const length = first >>> 1
  return 1 + ((first & 1) === 0 ? (length + 3) >>> 2 : (length + 1) >>> 1)
}

/** How many words a text takes. */
export function textWords(text: string): number {
  return 1 + (isNarrow(text) ? (text.length + 3) >>> 2 : (text.length + 1) >>> 1)
}

/** Writes a text at a word. @returns the word after it */
export function writeText(words: Uint32Array, at: number, text: string): number {
  const { length } = text
  let word = at + 1
  if (isNarrow(text)) {
    words[at] = length << 1
    for (let index = 0; index < length; index += 4) {
      // The code of a character after the end is NaN, which counts as 0 here.
      words[word] =
        text.charCodeAt(index) |
        (text.charCodeAt(index + 1) << 8) |
        (text.charCodeAt(index + 2) << 16) |
        (text.charCodeAt(index + 3) << 24)
      word += 1
    }
    return word
  }
  words[at] = (length << 1) | 1
  for (let index = 0; index < length; index += 2) {
    words[word] = text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16)
    word += 1
  }
  return word
}

/** The text at a word. It ends with the words, whatever its first word says. */
export function readText(words: Uint32Array, at: number): string {
  const first = words[at] ?? 0
  const isWide = (first & 1) !== 0
  const length = Math.min(first >>> 1, (words.length - at) * (isWide ? 2 : 4))
  let text = ''
  let word = at + 1
  let left = length
  if (isWide) {
    for (; left > 1; left -= 2, word += 1) {
      const two = words[word] ?? 0
      text += String.fromCharCode(two & 0xffff, two >>> 16)
    }
    return left === 0 ? text : text + String.fromCharCode((words[word] ?? 0) & 0xffff)
  }
  for (; left > 3; left -= 4, word += 1) {
    const four = words[word] ?? 0
    text += String.fromCharCode(four & 0xff, (four >>> 8) & 0xff, (four >>> 16) & 0xff, four >>> 24)
  }
  for (let shift = 0; left > 0; left -= 1, shift += 8) {
    text += String.fromCharCode(((words[word] ?? 0) >>> shift) & 0xff)
  }
  return text
}
