import type { IncomingMessage } from 'node:http'

/**
 * Every value of a header, one per line: Node joins some lines and drops others.
 *
 * @param name in lower case
 */
export function headerLines({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '')
  }
  return values
}
