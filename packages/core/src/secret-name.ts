/** What a secret of an environment is called, as in `{secrets.ORDERS_TOKEN}`: like a variable of a shell. */
const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,63}$/

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
