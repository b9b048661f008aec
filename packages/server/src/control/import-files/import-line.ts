import { isForeignToken, NO_LABELS } from '@sallyport/core'
import { IMPORT_FIELDS, importLine } from '../../contract/keys/imports.ts'
import { nullPlan, withoutNulls } from '../../contract/requests/null-members.ts'
import { parseRequest } from '../../contract/requests/request-problems.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import { unsafePart } from '../../contract/requests/safe-json.ts'
import type { ReceivedLine } from '../../store/port/keys/imports.ts'

const LINE_NULLS = nullPlan(importLine, false)
const HINT_OF_UNKNOWN = 'imported'
/** A token of so many characters keeps enough secret ones beside the last four. */
const HINTED_TOKEN_CHARS = 20
const MESSAGE_CHARS_MAX = 500
/** Unknown names of fields that a problem repeats: shorter than any token. Any other could be one. */
const SHOWN_FIELD = /^[A-Za-z][A-Za-z0-9_-]{0,6}$/

/**
 * Makes a line of its fields. A token becomes its SHA-256 here, and goes no further.
 *
 * @param line the number of the line, from 1
 * @param fields by their names
 */
export function importLineOf(line: number, fields: unknown): ReceivedLine {
  const unsafe = unsafePart(fields)
  if (unsafe !== undefined) return { line, message: `${placeOf(unsafe.path)}${unsafe.message}` }
  const parsed = parseRequest(importLine, withoutNulls(LINE_NULLS, fields))
  if (!parsed.ok) {
    const message = parsed.problems.map(({ path, message: said }) => `${placeOf(path)}${said}`).join(' ')
    return { line, message: message.slice(0, MESSAGE_CHARS_MAX) }
  }
  const { token, sha256, hint, status, expiresAt, labels = NO_LABELS, ...rest } = parsed.value
  if (token !== undefined && !isForeignToken(token)) return { line, message: NOT_FOREIGN }
  const digest = token === undefined ? (sha256 ?? '').toLowerCase() : tokenDigest(token)
  const shown = [rest.name, hint ?? '', ...Object.entries(labels).flat()]
  // With a digest alone, a token can be found only where it is the whole text.
  const isShown = (text: string): boolean =>
    token === undefined ? tokenDigest(text) === digest : text.includes(token)
  if (shown.some(isShown)) return { line, message: TOKEN_SHOWN }
  return {
    ...rest,
    line,
    digest,
    hint: hint ?? hintOf(token),
    active: status === 'active',
    expiresAtMs: expiresAt,
    labels,
  }
}

const NOT_FOREIGN =
  'token: A token has 8 to 512 visible ASCII characters without a comma, and does not begin like one of Sallyport.'
const TOKEN_SHOWN =
  'The token is also in the name, the hint or a label, which lists and logs show. Remove it there.'

function placeOf(path: string): string {
  const [, field = ''] = path.split('/')
  if (field === '') return ''
  return IMPORT_FIELDS.includes(field) || SHOWN_FIELD.test(field)
    ? `${field}: `
    : 'A field with another name: '
}

function hintOf(token: string | undefined): string {
  return token === undefined || token.length < HINTED_TOKEN_CHARS ? HINT_OF_UNKNOWN : `…${token.slice(-4)}`
}
