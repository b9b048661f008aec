/** The result of parsing one field: the value in its narrower type, or a sentence that says what to correct. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string }

/** A value that only the parser of its field produces. */
export type Branded<Base, Name extends string> = Base & { readonly __brand: Name }

/** A parser that accepts the values that `matches` accepts and refuses the rest with one sentence. */
export function parserOf<Base, Name extends string>(
  matches: (value: Base) => boolean,
  problem: string,
): (value: Base) => Parsed<Branded<Base, Name>> {
  return (value) =>
    matches(value) ? { ok: true, value: value as Branded<Base, Name> } : { ok: false, problem }
}
