/*
 * What pages read from the URL. People edit URLs: what is not valid is left out.
 */

type Search = Readonly<Record<string, unknown>>

/** A text; undefined if it is empty or something else. Digits alone are read as a number, so they are made a text again. */
export function text(search: Search, name: string): string | undefined {
  const value = search[name]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** One of several words. */
export function oneOf<Word extends string>(
  search: Search,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = text(search, name)
  return words.find((word) => word === value)
}

/** Leaves out what is undefined, so that it does not stand in the URL. */
export function present<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Values>
}

export function environmentSearch(search: Search) {
  return present({ environment: text(search, 'environment') })
}

/** A path of this origin to return to. Two slashes would lead to another host. */
export function returnSearch(search: Search) {
  const returnTo = text(search, 'returnTo')
  return present({ returnTo: returnTo !== undefined && /^\/(?![/\\])/.test(returnTo) ? returnTo : undefined })
}

/** The search without anything but the environment, which is a choice of the whole frame and not of a page. */
export function onlyEnvironment({ environment }: { readonly environment?: string | undefined }): {
  environment?: string
} {
  return environment === undefined ? {} : { environment }
}
