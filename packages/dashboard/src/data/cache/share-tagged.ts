import { etagOf, keepEtag } from '@sallyport/sdk'

/**
 * What a query keeps of a new answer: like the structural sharing of the library, parts that did not change stay the same
 * objects, so that what shows them is not drawn again. Copies keep the ETag of the answer that they are made of. An equal
 * answer with another ETag replaces the earlier one, which goes on to stand for what a form began with.
 *
 * @param before what the query had
 * @param after what it was answered, plain data
 */
export function shareTagged(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return sharedList(before, after)
  if (isRecord(before) && isRecord(after)) return sharedRecord(before, after)
  return Object.is(before, after) ? before : after
}

type Plain = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function sharedList(before: readonly unknown[], after: readonly unknown[]): unknown {
  const copy = after.map((item, index) => shareTagged(before[index], item))
  const isSame = copy.length === before.length && copy.every((item, index) => item === before[index])
  return isSame ? before : copy
}

function sharedRecord(before: Plain, after: Plain): unknown {
  const names = Object.keys(after)
  const copy = Object.fromEntries(names.map((name) => [name, shareTagged(before[name], after[name])]))
  const isSame =
    names.length === Object.keys(before).length &&
    names.every((name) => Object.hasOwn(before, name) && copy[name] === before[name]) &&
    etagOf(before) === etagOf(after)
  return isSame ? before : keepEtag(after, copy)
}
