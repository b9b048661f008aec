import type { Branded, Parsed } from './parsed.ts'
import { isReadable } from './readable-text.ts'
import { tokenless } from './tokenless.ts'

/** A name for people to read: of an organization or a key. */
export type Title = Branded<string, 'Title'>
/** A description, which may have several lines. */
export type Description = Branded<string, 'Description'>

/** The most characters of a title, counted as JavaScript does (UTF-16 code units). */
export const TITLE_CHARS_MAX = 128
/** The most characters of a description, counted as JavaScript does (UTF-16 code units). */
export const DESCRIPTION_CHARS_MAX = 1024

/** What a title consists of, as far as each character alone shows; some are taken only beside certain others. */
export const TITLE = /^(?:[^\p{C}\p{Zl}\p{Zp}]|\p{Cf})*$/u
/** What a description consists of, as far as each character alone shows; some are taken only beside certain others. */
export const DESCRIPTION = /^(?:[^\p{C}\p{Zl}\p{Zp}]|\p{Cf}|[\t\n])*$/u

/** Parses a title: a readable text in Unicode's normalization form C. Spaces at its ends are removed. */
export const parseTitle = tokenless((text: string): Parsed<Title> => {
  const title = text.trim().normalize('NFC')
  return title.length >= 1 && title.length <= TITLE_CHARS_MAX && isReadable(title)
    ? { ok: true, value: title as Title }
    : {
        ok: false,
        problem: `A name has 1 to ${TITLE_CHARS_MAX} printable characters, none of them invisible.`,
      }
})

/** Parses a description: lines of readable text, in Unicode's normalization form C. */
export const parseDescription = tokenless((text: string): Parsed<Description> => {
  const description = text.normalize('NFC')
  return description.length <= DESCRIPTION_CHARS_MAX && description.split(/[\t\n]/).every(isReadable)
    ? { ok: true, value: description as Description }
    : {
        ok: false,
        problem: `A description has at most ${DESCRIPTION_CHARS_MAX} printable characters, tabs and line breaks, none of them invisible.`,
      }
})
