/** The most characters of a secret's name. */
export const SECRET_NAME_CHARS_MAX = 64

/** The name of a secret, as in `{secrets.ORDERS_TOKEN}`. The syntax is that of an environment variable. */
const SECRET_NAME = new RegExp(`^[A-Z][A-Z0-9_]{0,${SECRET_NAME_CHARS_MAX - 1}}$`)

/** Whether a text is a valid secret name: 1 to 64 characters of A-Z, 0-9 and "_", starting with a letter. */
export function isSecretName(text: string): boolean {
  return SECRET_NAME.test(text)
}

const CHARS_SHOWN = 64

/** A sentence about an invalid secret name. It shows at most 64 characters of the name, and only printable ones. */
export function secretNameProblem(name: string): string {
  const shown = name.slice(0, CHARS_SHOWN).replace(/[^\x20-\x7e]/g, '\ufffd')
  return `"${shown}" is not a valid secret name: use 1 to 64 characters of A-Z, 0-9 and "_", starting with a letter.`
}

/** The most characters of a secret's value: common servers accept as many in all headers together. */
export const SECRET_VALUE_CHARS_MAX = 8192
/** A header's value (RFC 9110 section 5.5) without tabs and non-ASCII bytes. */
const SECRET_VALUE = /^[!-~](?:[ -~]*[!-~])?$/

/** Whether a text is a valid secret value. A secret can be used in a header, so it must be a valid header value. */
export function isSecretValue(text: string): boolean {
  return text.length <= SECRET_VALUE_CHARS_MAX && SECRET_VALUE.test(text)
}
