import * as arrays from './array-keywords.ts'
import * as combining from './combining-keywords.ts'
import type { CompileKeyword } from './compiler.ts'
import * as objects from './object-keywords.ts'
import * as values from './value-keywords.ts'

const definitions: CompileKeyword = ({ value, path, compiler }) => {
  compiler.schemas(value, path)
}

/** Compiled with `if`. */
const branch: CompileKeyword = () => undefined

/** The keywords that have an effect. Every other one is a comment (JSON Schema Core section 6.5). */
export const KEYWORDS: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ['$ref', combining.reference],
  // There is one schema resource, so the dynamic scope never has another anchor (JSON Schema Core section 8.2.3.2).
  ['$dynamicRef', combining.reference],
  ['$defs', definitions],
  ['type', values.type],
  ['enum', values.enumeration],
  ['const', values.constant],
  ['multipleOf', values.multipleOf],
  ['maximum', values.maximum],
  ['exclusiveMaximum', values.exclusiveMaximum],
  ['minimum', values.minimum],
  ['exclusiveMinimum', values.exclusiveMinimum],
  ['maxLength', values.maxLength],
  ['minLength', values.minLength],
  ['pattern', values.pattern],
  ['format', values.format],
  ['maxItems', arrays.maxItems],
  ['minItems', arrays.minItems],
  ['uniqueItems', arrays.uniqueItems],
  ['prefixItems', arrays.prefixItems],
  ['items', arrays.items],
  ['contains', arrays.contains],
  ['minContains', arrays.containsCount],
  ['maxContains', arrays.containsCount],
  ['maxProperties', objects.maxProperties],
  ['minProperties', objects.minProperties],
  ['required', objects.required],
  ['dependentRequired', objects.dependentRequired],
  ['dependentSchemas', objects.dependentSchemas],
  ['propertyNames', objects.propertyNames],
  ...objects.MEMBER_KEYWORDS.map((name): [string, CompileKeyword] => [name, objects.members]),
  ['allOf', combining.allOf],
  ['anyOf', combining.anyOf],
  ['oneOf', combining.oneOf],
  ['not', combining.not],
  ['if', combining.condition],
  ['then', branch],
  ['else', branch],
  ['unevaluatedItems', arrays.unevaluatedItems],
  ['unevaluatedProperties', objects.unevaluatedProperties],
])
