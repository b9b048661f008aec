/*
 * How records are described, so that the version of the records that one needs can be found: see `record-versions.ts`. The
 * compiler demands an entry for each field of a type, for each kind, and for each value of a union of texts.
 */

/** A text, a number, or JSON of which gateways need not know every part. */
interface Opaque {
  readonly is: 'opaque'
}

/** A text that is one of several, each with the version that introduced it. */
interface Values {
  readonly is: 'values'
  readonly values: Readonly<Record<string, number>>
}

/** A list, or an object with any names. */
interface Each {
  readonly is: 'each'
  readonly of: Shape
}

/** An object with fields, of which each may be left out. */
interface Fields {
  readonly is: 'fields'
  readonly fields: Readonly<Record<string, Shape>>
}

/** An object whose `kind` says which fields it has. */
interface Kinds {
  readonly is: 'kinds'
  readonly kinds: Readonly<Record<string, Shape>>
}

/** A part that a later version than 1 has introduced. */
interface Since {
  readonly is: 'since'
  readonly version: number
  readonly of: Shape
}

export type Shape = Opaque | Values | Each | Fields | Kinds | Since

/** The shape of a type, which the compiler has checked. */
type Described<T> = Shape & { readonly describes?: T }

export const OPAQUE: Shape = { is: 'opaque' }

/** A field, or a kind, that version `version` of the records has introduced. */
export function since(version: number, of: Shape): Shape {
  return { is: 'since', version, of }
}

/** @param of the version that has introduced each value */
export function values<T extends string>(of: Readonly<Record<T, number>>): Shape {
  return { is: 'values', values: of }
}

export function each(of: Shape): Shape {
  return { is: 'each', of }
}

export function fields<T extends object>(of: { readonly [Name in keyof T]-?: Shape }): Described<T> {
  return { is: 'fields', fields: of }
}

export function kinds<T extends { readonly kind: string }>(of: {
  readonly [Kind in T['kind']]: Shape
}): Described<T> {
  return { is: 'kinds', kinds: of }
}
