/** How much of a schema an error repeats: an answer with 100 errors stays small. */
const LISTED_MAX = 10
const CHARS_MAX = 60

/** Values of a schema for an error: `"a", 7 or null`. */
export function listed(values: readonly unknown[]): string {
  const texts = values.slice(0, LISTED_MAX).map((value) => {
    const text = JSON.stringify(value)
    return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text
  })
  if (values.length > LISTED_MAX) return `${texts.join(', ')} or one of ${values.length - LISTED_MAX} others`
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}`
}

/** A number with its unit: `1 item`, `2 items`. */
export function amount(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
