/**
 * A URL for messages: without password, and without parameters, which may hold another one.
 *
 * @returns null if the text is no URL with `//`, or if a part of the password could be left in it
 */
export function withoutPassword(text: string): string | null {
  const url = URL.parse(text)
  if (url === null || !/^[a-z]+:\/\//i.test(text) || hasSplitPassword(url)) return null
  const { protocol, username, host, pathname } = url
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/**
 * Whether a URL has an "@" behind its host. An unescaped "/", "?" or "#" in a password ends the part of the URL that holds
 * the password, whose rest then appears as path, query or fragment.
 */
export function hasSplitPassword({ pathname, search, hash }: URL): boolean {
  return pathname.includes('@') || hash.includes('@') || /@[^&]*\/|^[^=]*@/.test(search)
}
