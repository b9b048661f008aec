/** A value as one line of a table. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  if (typeof value === 'string') return oneLine(value)
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(itemCell).join(', ')
  if (typeof value === 'object') return objectCell(value)
  return JSON.stringify(value)
}

/** An item of a list, from which its neighbours can be told. */
function itemCell(item: unknown): string {
  const text = cell(item)
  return typeof item === 'object' && text.includes(', ') ? `{${text}}` : text
}

/** An object of plain values by their names; one with a single value as that value. */
function objectCell(value: object): string {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  const [first] = entries
  if (first === undefined) return '-'
  if (entries.some(([, member]) => typeof member === 'object')) return JSON.stringify(value)
  return entries.length === 1
    ? cell(first[1])
    : entries.map(([name, member]) => `${name}=${cell(member)}`).join(', ')
}

/** Characters that move the cursor or change colours could make a table lie. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ')
}

/** The heading of a member: `expiresAt` is `EXPIRES AT`. */
export function heading(member: string): string {
  return member.replaceAll(/(?<=[a-z])[A-Z]/g, ' $&').toUpperCase()
}
