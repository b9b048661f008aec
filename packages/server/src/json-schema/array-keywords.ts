import type { CompileKeyword, Keyword } from './compiler.ts'
import { canonicalText } from './values.ts'
import { countOf } from './value-keywords.ts'
import { amount } from './wording.ts'

/* The keywords about arrays (JSON Schema Validation section 6.4, Core sections 10.3.1 and 11.2). */

export const maxItems: CompileKeyword = (keyword) => {
  const count = countOf(keyword)
  if (count === undefined) return
  const message = `Send at most ${amount(count, 'item')}.`
  keyword.node.checks.push(
    (sent, place, validation) =>
      !Array.isArray(sent) || sent.length <= count || validation.fail(place, message),
  )
}

export const minItems: CompileKeyword = (keyword) => {
  const count = countOf(keyword)
  if (count === undefined) return
  const message = `Send at least ${amount(count, 'item')}.`
  keyword.node.checks.push(
    (sent, place, validation) =>
      !Array.isArray(sent) || sent.length >= count || validation.fail(place, message),
  )
}

export const uniqueItems: CompileKeyword = ({ value, path, node, compiler }) => {
  if (typeof value !== 'boolean') {
    compiler.fault(path, 'Use `true` or `false`.')
    return
  }
  if (!value) return
  node.checks.push((sent, place, validation) => {
    if (!Array.isArray(sent)) return true
    const seen = new Set<string>()
    let isUnique = true
    // Texts in a set take linear time; comparing each item with each other one would take quadratic time.
    for (const [index, item] of sent.entries()) {
      const text = canonicalText(item, validation)
      if (seen.has(text)) {
        isUnique = validation.fail(
          { parent: place, name: index },
          'Remove this item: an earlier one is equal.',
        )
        if (validation.isQuiet) return false
      }
      seen.add(text)
    }
    return isUnique
  })
}

export const prefixItems: CompileKeyword = ({ value, path, node, compiler }) => {
  if (!Array.isArray(value) || value.length === 0) {
    compiler.fault(path, 'Use a list of schemas.')
    return
  }
  const schemas = [...compiler.schemas(value, path).values()]
  node.checks.push((sent, place, validation, evaluated) => {
    if (!Array.isArray(sent)) return true
    let isValid = true
    for (const [index, schema] of schemas.entries()) {
      if (index >= sent.length) break
      if (schema.matches(sent[index], { parent: place, name: index }, validation, null)) continue
      isValid = false
      if (validation.isQuiet) return false
    }
    if (evaluated !== null) evaluated.itemsBefore = Math.max(evaluated.itemsBefore, schemas.length)
    return isValid
  })
}

function firstOf({ schema }: Keyword): number {
  return Array.isArray(schema['prefixItems']) ? schema['prefixItems'].length : 0
}

export const items: CompileKeyword = (keyword) => {
  const { value, path, node, compiler } = keyword
  if (Array.isArray(value)) {
    compiler.fault(path, 'Use one schema here, and `prefixItems` for a list of schemas.')
    return
  }
  const schema = compiler.schema(value, path)
  if (schema === undefined) return
  const first = firstOf(keyword)
  node.checks.push((sent, place, validation, evaluated) => {
    if (!Array.isArray(sent)) return true
    let isValid = true
    for (let index = first; index < sent.length; index += 1) {
      if (schema.matches(sent[index], { parent: place, name: index }, validation, null)) continue
      isValid = false
      if (validation.isQuiet) return false
    }
    if (evaluated !== null) evaluated.itemsBefore = Infinity
    return isValid
  })
}

export const contains: CompileKeyword = (keyword) => {
  const { schema: around, value, path, node, compiler } = keyword
  const schema = compiler.schema(value, path)
  if (schema === undefined) return
  const [least, most] = [around['minContains'] ?? 1, around['maxContains'] ?? Infinity]
  // Their own faults are reported with them.
  if (typeof least !== 'number' || typeof most !== 'number') return
  const tooFew = `Send at least ${amount(least, 'item')} of the required form.`
  const tooMany = `Send at most ${amount(most, 'item')} of the described form.`
  node.checks.push((sent, place, validation, evaluated) => {
    if (!Array.isArray(sent)) return true
    let found = 0
    validation.quietly(() => {
      for (const [index, item] of sent.entries()) {
        if (!schema.matches(item, place, validation, null)) continue
        found += 1
        evaluated?.items.add(index)
        // Annotations need all of them.
        if (evaluated === null && (found > most || (found >= least && most === Infinity))) break
      }
      return true
    })
    if (found < least) return validation.fail(place, tooFew)
    return found <= most || validation.fail(place, tooMany)
  })
}

/** `minContains` and `maxContains` are part of `contains`. */
export const containsCount: CompileKeyword = (keyword) => {
  countOf(keyword)
}

export const unevaluatedItems: CompileKeyword = ({ value, path, node, compiler }) => {
  const schema = compiler.schema(value, path)
  if (schema === undefined) return
  node.lastChecks.push((sent, place, validation, evaluated) => {
    if (!Array.isArray(sent) || evaluated === null) return true
    let isValid = true
    for (let index = evaluated.itemsBefore; index < sent.length; index += 1) {
      validation.spend(1)
      if (evaluated.items.has(index)) continue
      if (schema.matches(sent[index], { parent: place, name: index }, validation, null)) continue
      isValid = false
      if (validation.isQuiet) return false
    }
    evaluated.itemsBefore = Infinity
    return isValid
  })
}
