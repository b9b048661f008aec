import {
  isSecretName,
  isSecretValue,
  SECRET_VALUE_CHARS_MAX,
  secretNameProblem,
} from '../templates/environment-secret.ts'
import { type Branded, type Parsed, parserOf } from './parsed.ts'
import { tokenless } from './tokenless.ts'

/** The username of a Basic credential. */
export type Username = Branded<string, 'Username'>
/** The name of an environment's secret, as in `{secrets.ORDERS_TOKEN}`. */
export type SecretName = Branded<string, 'SecretName'>
/** The value of an environment's secret, which a header can carry. */
export type SecretValue = Branded<string, 'SecretValue'>

/** The most characters of a username. */
export const USERNAME_CHARS_MAX = 100

/** Visible ASCII without the colon that ends a username (RFC 7617 section 2). */
export const USERNAME = new RegExp(`^[!-9;-~]{1,${USERNAME_CHARS_MAX}}$`)

export const parseUsername = tokenless(
  parserOf<string, 'Username'>(
    (text) => USERNAME.test(text),
    `A username has 1 to ${USERNAME_CHARS_MAX} visible ASCII characters and no colon.`,
  ),
)

/** Whether URL parsers remove a username from a path as a dot segment (RFC 3986 section 5.2.4), even if it is encoded. */
export function isDotSegment(username: Username): boolean {
  return username === '.' || username === '..'
}

export function parseSecretName(text: string): Parsed<SecretName> {
  return isSecretName(text)
    ? { ok: true, value: text as SecretName }
    : { ok: false, problem: secretNameProblem(text) }
}

/** The problem never repeats the value. */
export const parseSecretValue = parserOf<string, 'SecretValue'>(
  isSecretValue,
  `A value has 1 to ${SECRET_VALUE_CHARS_MAX} visible ASCII characters; spaces are allowed between them, not at the ends.`,
)
