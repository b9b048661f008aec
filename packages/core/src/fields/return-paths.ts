import { type Branded, parserOf } from './parsed.ts'

/** Where a browser goes after a sign-in: a path of this server, with query and fragment. */
export type ReturnPath = Branded<string, 'ReturnPath'>

export const RETURN_PATH_CHARS_MAX = 512

/**
 * One slash and no other behind it, or a backslash, which browsers take for a slash: either would name another host
 * (RFC 3986 section 4.2, URL Standard "relative slash state").
 */
export const RETURN_PATH = /^\/(?![/\\])[!-[\]-~]*$/

/** Where a browser goes if nobody said where. */
export const HOME_PATH = '/' as ReturnPath

/** Parses a path to return to. Only paths, so that nobody can send a person to another site (RFC 9700 section 4.11). */
export const parseReturnPath = parserOf<string, 'ReturnPath'>(
  (text) => text.length <= RETURN_PATH_CHARS_MAX && RETURN_PATH.test(text),
  `A path to return to starts with one slash, such as /keys?page=2, and has at most ${RETURN_PATH_CHARS_MAX} ASCII characters.`,
)
