/** The headers of a request: of the Fetch standard, or as Node.js has them. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** The value of a header, the first one if it was sent several times; null if it was not sent. @param name in lower case */
export function headerOf(headers: RequestHeaders, name: string): string | null {
  if (isFetched(headers)) return headers.get(name)
  const value = headers[name]
  return (typeof value === 'object' ? value[0] : value) ?? null
}

function isFetched(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers['get'] === 'function'
}
