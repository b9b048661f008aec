const TOKEN = /(sp_[ps]k_[0-9A-Za-z]{16}_)[0-9A-Za-z]{28}([0-9A-Za-z]{4})[0-9A-Za-z]{6}/g

/** Shortens each token in a text, such as the name of a file. No output may have a whole one. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '$1…$2')
}

/** Writes control characters as escape sequences, so that a name of a file cannot move the cursor of a terminal. */
export function printable(text: string): string {
  return withoutTokens(text).replace(/[\u0000-\u001F\u007F-\u009F]/g, (control) => {
    const short: Record<string, string> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` }
    return short[control] ?? `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
