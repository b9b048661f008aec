import type { Branded, Parsed } from './parsed.ts'
import { tokenless } from './tokenless.ts'

/** A name for people to read: of an organization or a key. */
export type Title = Branded<string, 'Title'>
/** A description, which may have several lines. */
export type Description = Branded<string, 'Description'>

/** The most characters of a title, counted as JavaScript does (UTF-16 code units). */
export const TITLE_CHARS_MAX = 128
/** The most characters of a description, counted as JavaScript does (UTF-16 code units). */
export const DESCRIPTION_CHARS_MAX = 1024

// The "other" and separator classes contain controls, lone surrogates and the marks that reverse the direction of
// text, which can make one name look like another.
export const TITLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u
export const DESCRIPTION = /^(?:[^\p{Cc}\p{Cs}\p{Cf}]|[\t\n])*$/u

/** Parses a title; spaces at its ends are removed. */
export const parseTitle = tokenless((text: string): Parsed<Title> => {
  const title = text.trim()
  return title.length >= 1 && title.length <= TITLE_CHARS_MAX && TITLE.test(title)
    ? { ok: true, value: title as Title }
    : { ok: false, problem: `A name has 1 to ${TITLE_CHARS_MAX} printable characters.` }
})

export const parseDescription = tokenless((text: string): Parsed<Description> => {
  return text.length <= DESCRIPTION_CHARS_MAX && DESCRIPTION.test(text)
    ? { ok: true, value: text as Description }
    : {
        ok: false,
        problem: `A description has at most ${DESCRIPTION_CHARS_MAX} printable characters, tabs and line breaks.`,
      }
})
