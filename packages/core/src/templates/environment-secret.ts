/** The most characters of a secret's name. */
export const SECRET_NAME_CHARS_MAX = 64

/** What a secret of an environment is called, as in `{secrets.ORDERS_TOKEN}`: like a variable of a shell. */
const SECRET_NAME = new RegExp(`^[A-Z][A-Z0-9_]{0,${SECRET_NAME_CHARS_MAX - 1}}$`)

/** Whether a text can be the name of an environment's secret: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
export function isSecretName(text: string): boolean {
  return SECRET_NAME.test(text)
}

const CHARS_SHOWN = 64

/** Says what is wrong with a secret's name, which is shown in part and only where it prints. */
export function secretNameProblem(name: string): string {
  const shown = name.slice(0, CHARS_SHOWN).replace(/[^\x20-\x7e]/g, '\ufffd')
  return `"${shown}" cannot be the name of a secret: it is 1 to 64 of A-Z, 0-9 and "_", and starts with a letter.`
}

/** The most characters of a secret's value: as many as common servers take in all headers together. */
export const SECRET_VALUE_CHARS_MAX = 8192
/** What a header's value can be (RFC 9110 section 5.5), without tabs and without the bytes past ASCII. */
const SECRET_VALUE = /^[!-~](?:[ -~]*[!-~])?$/

/** Whether a text can be a secret's value: it stands in headers, so it must be one that they can hold. */
export function isSecretValue(text: string): boolean {
  return text.length <= SECRET_VALUE_CHARS_MAX && SECRET_VALUE.test(text)
}
