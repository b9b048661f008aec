/** The most characters of a variable's name. */
const VARIABLE_NAME_CHARS_MAX = 64

const VARIABLE_NAME = new RegExp(`^[A-Z][A-Z0-9_]{0,${VARIABLE_NAME_CHARS_MAX - 1}}$`)

/** Whether a text is a valid variable name: 1 to 64 characters of A-Z, 0-9 and "_", starting with a letter. */
export function isVariableName(text: string): boolean {
  return VARIABLE_NAME.test(text)
}

const CHARS_SHOWN = 64

/** A sentence about an invalid variable name. It shows at most 64 characters of the name, and only printable ones. */
export function variableNameProblem(name: string): string {
  const shown = name.slice(0, CHARS_SHOWN).replace(/[^\x20-\x7e]/g, '\ufffd')
  return `"${shown}" is not a valid variable name: use 1 to 64 characters of A-Z, 0-9 and "_", starting with a letter.`
}

/** The most characters of a variable's value. All of them are ASCII, so it has as many bytes. */
export const VARIABLE_VALUE_CHARS_MAX = 4096
/** A header's value (RFC 9110 section 5.5) without tabs and non-ASCII bytes. */
const VARIABLE_VALUE = /^[!-~](?:[ -~]*[!-~])?$/

/** Whether a text is a valid variable value. A variable can be used in a header, so it must be a valid header value. */
export function isVariableValue(text: string): boolean {
  return text.length <= VARIABLE_VALUE_CHARS_MAX && VARIABLE_VALUE.test(text)
}
