import { createHash } from 'node:crypto'

/** The bytes of a digest that make a tag: two states of a resource never have the same one. */
const TAG_BYTES = 18

/** A strong entity tag as it is sent, with its quotation marks (RFC 9110 section 8.8.3). */
export type EntityTag = `"${string}"`

/**
 * The tag of a state: equal states have equal tags.
 *
 * @param state plain data
 * @param observed the members that change without a change of the resource, such as counters: each by its name, or by the
 *   names on the way to it, such as `secrets.requests`, where the items of a list have the names of the list. A member of the
 *   same name elsewhere, such as a label, counts
 */
export function entityTagOf(state: unknown, observed: ReadonlySet<string>): EntityTag {
  const text = JSON.stringify(withoutObserved(state, observed, ''))
  const digest = createHash('sha256').update(text).digest()
  return `"${digest.subarray(0, TAG_BYTES).toString('base64url')}"`
}

function withoutObserved(value: unknown, observed: ReadonlySet<string>, way: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown) => withoutObserved(item, observed, way))
  const members = Object.entries(value)
    .filter(([name]) => !observed.has(way + name))
    .map(([name, member]: [string, unknown]) => [name, withoutObserved(member, observed, `${way}${name}.`)])
  return Object.fromEntries(members) as unknown
}

/** The tags of `If-Match` or `If-None-Match`: any current representation, or one of some (RFC 9110 section 13.1). */
export type TagList = '*' | readonly { readonly tag: EntityTag; readonly isWeak: boolean }[]

/** Quotation marks around visible characters, with `W/` before a weak one; then a comma, or the end. */
const ONE_TAG = /[\t ]*(?<weak>W\/)?(?<tag>"[\x21\x23-\x7e\x80-\xff]*")[\t ]*(?:,|$)/y
/** Lists may have empty members (RFC 9110 section 5.6.1.2). */
const NO_TAG = /[\t ]*,/y

/** Reads the value of `If-Match` or `If-None-Match`; undefined if it is malformed. */
export function parseTagList(value: string): TagList | undefined {
  if (value.trim() === '*') return '*'
  const tags: { tag: EntityTag; isWeak: boolean }[] = []
  let at = 0
  while (at < value.length) {
    ONE_TAG.lastIndex = at
    NO_TAG.lastIndex = at
    const found = ONE_TAG.exec(value)
    if (found !== null) {
      tags.push({ tag: found.groups?.['tag'] as EntityTag, isWeak: found.groups?.['weak'] !== undefined })
      at = ONE_TAG.lastIndex
    } else if (NO_TAG.test(value)) at = NO_TAG.lastIndex
    else return value.slice(at).trim() === '' && tags.length > 0 ? tags : undefined
  }
  return tags.length > 0 ? tags : undefined
}

/** Whether `If-Match` holds, by the strong comparison. @param current undefined if there is no representation */
export function matches(list: TagList, current: EntityTag | undefined): boolean {
  if (current === undefined) return false
  return list === '*' || list.some(({ tag, isWeak }) => !isWeak && tag === current)
}

/** Whether `If-None-Match` holds, by the weak comparison. @param current undefined if there is no representation */
export function matchesNone(list: TagList, current: EntityTag | undefined): boolean {
  if (current === undefined) return true
  return list !== '*' && list.every(({ tag }) => tag !== current)
}
