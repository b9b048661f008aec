/** A place as an address that a browser may open; undefined for any other text, because reports can have any. */
export function webAddress(place: string | null): URL | undefined {
  const url = place === null ? null : URL.parse(place)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined
}
