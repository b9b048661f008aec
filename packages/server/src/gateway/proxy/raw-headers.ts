/** Whether a response switches to the protocol that the caller asked for (RFC 9110 section 7.8). @param raw its headers */
export function isWebSocket(raw: readonly string[]): boolean {
  const protocols = pairs(raw).filter(([name]) => name.toLowerCase() === 'upgrade')
  return protocols.length === 1 && protocols[0]?.[1].toLowerCase() === 'websocket'
}

/** The names and values of headers in pairs. @param headers alternating names and values */
export function pairs(headers: readonly string[]): [string, string][] {
  return Array.from({ length: headers.length / 2 }, (_, index) => [
    headers[2 * index] ?? '',
    headers[2 * index + 1] ?? '',
  ])
}
