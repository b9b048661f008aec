/** Names and ids, also after a kind. A token of ours has its prefix, and other texts can be too long. */
const SHOWN = /^(?!.*sp_)[\w.*/:-]{1,100}$/

/** The filter of an export as the audit log has it. A text in it that could hold a token is hidden. */
export function shownFilter(filter: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value) ? value.map(shown) : shown(value),
    ]),
  )
}

function shown(value: unknown): unknown {
  return typeof value !== 'string' || SHOWN.test(value) ? value : '…'
}
