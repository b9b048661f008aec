import type { SchemaPath } from './compiler.ts'

/** The JSON Pointer in a reference such as `#/$defs/Pet`, decoded (RFC 6901 section 6); undefined if it cannot be. */
export function pointerOf(reference: string): string | undefined {
  try {
    return decodeURIComponent(reference.slice(1))
  } catch {
    return undefined
  }
}

/** The value at a JSON Pointer, and the names on the way; undefined if there is none. */
export function valueAt(
  root: unknown,
  pointer: string,
): { readonly value: unknown; readonly path: SchemaPath } | undefined {
  let value = root
  const path: string[] = []
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
    path.push(name)
  }
  return { value, path }
}
